import { Busy, Unavailable } from "./outage.ts"

/** Why a request as a whole got no results, each with its HTTP status and title. Programs branch on the codes: none is renamed. */
export const REFUSALS = {
	json: [400, "不是有效的 JSON"],
	encoding: [400, "压缩内容已损坏"],
	aborted: [400, "来文中断"],
	sheet: [422, "表格不能读取"],
	profile: [404, "没有这个映射方案"],
	method: [405, "只接受 POST"],
	"too-large": [413, "来文过大"],
	"too-many": [413, "一批事件过多"],
	"media-type": [415, "不支持的内容类型"],
	"content-encoding": [415, "不支持的压缩方式"],
	busy: [429, "正忙,请稍后重发"],
	internal: [500, "内部错误"],
	unavailable: [503, "暂时不可用,请稍后重发"],
	stopping: [503, "正在停止,请稍后重发"],
} as const
export type RefusalCode = keyof typeof REFUSALS

/** A request that is refused as a whole. `detail`: Chinese, for people; never repeats what was sent. */
export class Refusal extends Error {
	readonly _tag = "Refusal"
	readonly code: RefusalCode
	readonly retryAfterS: number | null
	constructor(code: RefusalCode, detail: string, retryAfterS: number | null = null) {
		super(detail)
		this.code = code
		this.retryAfterS = retryAfterS
	}
}

export const stopping = () => new Refusal("stopping", "登记系统正在停止,未得到结果的事件请稍后重发", 5)

/** Every failure as a refusal: an outage as what it is, anything else as an internal error of which the sender is told nothing more. */
export const refusalOf = (error: unknown): Refusal => {
	if (error instanceof Refusal) return error
	if (error instanceof Busy) return new Refusal("busy", error.message, error.retryAfterS)
	if (error instanceof Unavailable) return new Refusal("unavailable", error.message, error.retryAfterS)
	return new Refusal("internal", "登记系统内部出错,已记录;重发是安全的")
}

/** As RFC 9457 has it. */
export const problemResponse = ({ code, message, retryAfterS }: Refusal): Response => {
	const [status, title] = REFUSALS[code]
	const headers = new Headers({ "content-type": "application/problem+json; charset=utf-8" })
	if (retryAfterS !== null) headers.set("retry-after", String(retryAfterS))
	if (code === "method") headers.set("allow", "POST")
	return new Response(JSON.stringify({ type: `urn:yima:problem:${code}`, title, status, detail: message, code }), { status, headers })
}

/** The last line of an answer that ends early: what has no result before it is to be sent again. */
export const problemLine = ({ code, message, retryAfterS }: Refusal): string =>
	`${JSON.stringify({ status: code, problems: [{ code, pointer: "", message }], ...(retryAfterS === null ? {} : { retryAfter: retryAfterS }) })}\n`
