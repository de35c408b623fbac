import type { DerivedFilter, DerivedRow } from "@yima/registry"
import { normalForm } from "@yima/schemas"

const said = (data: string, what: "severity" | "company"): unknown => (JSON.parse(data) as Readonly<Record<typeof what, unknown>>)[what]

/** Whether a filter chooses a row, as `DerivedReader.page` decides it. */
export const chooses = ({ types, families, service, company, project, severity }: DerivedFilter, row: DerivedRow): boolean =>
	(!service || row.service === service) &&
	(!types || types.includes(row.type)) &&
	(!families || families.includes(row.type.slice(0, row.type.indexOf(".")))) &&
	(!project || row.projects.includes(project)) &&
	(!severity || severity.includes(String(said(row.data, "severity")))) &&
	(!company || normalForm(String(said(row.data, "company"))) === normalForm(company))
