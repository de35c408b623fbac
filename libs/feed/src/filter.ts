import type { DerivedFilter, DerivedRow } from "@yima/registry"

const severityIn = (data: string): unknown => (JSON.parse(data) as { readonly severity?: unknown }).severity

/** Whether a filter chooses a row, as `DerivedReader.page` decides it. */
export const chooses = ({ types, families, service, project, severity }: DerivedFilter, row: DerivedRow): boolean =>
	(!service || row.service === service) &&
	(!types || types.includes(row.type)) &&
	(!families || families.includes(row.type.slice(0, row.type.indexOf(".")))) &&
	(!project || row.projects.includes(project)) &&
	(!severity || severity.includes(String(severityIn(row.data))))
