import { contactToken, type MasterKey } from "@yima/access"
import type { DerivedRow } from "@yima/registry"
import { type AccountRequestData, formatMoment } from "@yima/schemas"
import { type KeptHolder, maskedName, namesOf, type People } from "./holder.ts"

/** 派生事件 as it leaves, the same at every door: a CloudEvent in structured JSON. `id` is its place in the stream. */
export interface Outgoing {
	readonly specversion: "1.0"
	readonly id: string
	readonly source: "urn:yima:registry"
	readonly type: string
	readonly subject?: string
	readonly time: string
	/** `<source>#<id>` of the event that it follows from. */
	readonly causedby: string
	readonly datacontenttype: "application/json"
	readonly data: unknown
}

/** As the linker keeps what it asks of a company. */
type KeptRequest = Omit<AccountRequestData, "holder" | "contactToken"> & { readonly holder: KeptHolder | null }

export const ACCOUNT_REQUESTED = "utility.account-requested"

export const requestIn = (row: DerivedRow): KeptRequest => JSON.parse(row.data) as KeptRequest

export const idOf = ({ partition, number }: Pick<DerivedRow, "partition" | "number">): string => `${partition}-${number}`

/** What leaves names a person by the masked name alone, and holds what `AccountRequestData` lists and nothing else. */
const requestData = ({ holder, ...kept }: KeptRequest, name: string | null, key: MasterKey): AccountRequestData => ({
	requestId: kept.requestId,
	revision: kept.revision,
	kind: kept.kind,
	unit: kept.unit,
	address: kept.address,
	service: kept.service,
	company: kept.company,
	accountNo: kept.accountNo,
	holder: name,
	contactToken: holder === null ? null : contactToken(key, kept),
	consentId: kept.consentId,
})

/** Around its data, which is in the stream as it leaves. */
const textOf = (row: DerivedRow, data: string): string => {
	const head: Omit<Outgoing, "data"> = {
		specversion: "1.0",
		id: idOf(row),
		source: "urn:yima:registry",
		type: `yima.${row.type}.v1`,
		...(row.subject === null ? {} : { subject: row.subject }),
		time: formatMoment(row.saidAt),
		causedby: row.causedBy,
		datacontenttype: "application/json",
	}
	return `${JSON.stringify(head).slice(0, -1)},"data":${data}}`
}

/** Rows of the stream as they leave: each the JSON of an `Outgoing`. */
export const outgoing = async (rows: readonly DerivedRow[], people: People, key: MasterKey): Promise<readonly string[]> => {
	const requests = new Map(rows.filter(({ type }) => type === ACCOUNT_REQUESTED).map((row) => [row, requestIn(row)]))
	if (requests.size === 0) return rows.map((row) => textOf(row, row.data))
	const holders = [...requests.values()].flatMap(({ holder }) => (holder === null ? [] : [holder]))
	const names = await namesOf(holders, people)
	const nameOf = new Map(holders.map((holder, n) => [holder, maskedName(holder, names[n] ?? { name: null, phone: null })]))
	return rows.map((row) => {
		const request = requests.get(row)
		if (request === undefined) return textOf(row, row.data)
		return textOf(row, JSON.stringify(requestData(request, request.holder === null ? null : (nameOf.get(request.holder) ?? null), key)))
	})
}
