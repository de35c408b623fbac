/** What came of one request. `failed`: no answer; `code` as the system or the client names it. */
export type Answer =
	| { readonly is: "answered"; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
	| { readonly is: "failed"; readonly code: string; readonly message: string }

/**
 * What follows. `down`: the endpoint as a whole, whose cursor stops; `refused`: this event alone, which goes to the hold list; `gone`: the
 * endpoint wants nothing any more. `after`: how long it asks to be left alone, or not to be asked to take this event, ms.
 */
export type Verdict =
	| { readonly is: "delivered" }
	| { readonly is: "down"; readonly reason: string; readonly after: number | null }
	| { readonly is: "refused"; readonly reason: string; readonly after: number | null }
	| { readonly is: "gone" }

/** As long as an endpoint may ask to be left alone, ms. */
const LONGEST = 24 * 3600 * 1000

/** The three that HTTP knows (RFC 9110 §5.6.7). What else `Date` reads would make a date of much that is none: of `-5`, of `soon 2099`. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]*, .+ GMT|( [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}))$/

/** `Retry-After` (RFC 9110 §10.2.3): seconds or a date. Null: none, or none that could be meant. */
export const retryAfter = (header: string | undefined, now: number): number | null => {
	const text = header?.trim() ?? ""
	const date = HTTP_DATE.exec(text)
	// The third names no zone, and is of Greenwich as the others are.
	const wait = /^\d+$/.test(text) ? Number(text) * 1000 : date === null ? Number.NaN : Date.parse(date[1] === undefined ? text : `${text} GMT`) - now
	return Number.isNaN(wait) ? null : Math.min(LONGEST, Math.max(0, wait))
}

/** Refusals that are about the moment, not about the event. */
const FOR_NOW: ReadonlySet<number> = new Set([408, 425, 429])

const REASONS: Readonly<Record<string, string>> = {
	ENOTFOUND: "域名不能解析",
	EAI_AGAIN: "域名暂时不能解析",
	ECONNREFUSED: "拒绝连接",
	ECONNRESET: "连接中断",
	UND_ERR_SOCKET: "连接中断",
	UND_ERR_CONNECT_TIMEOUT: "连接超时",
	UND_ERR_HEADERS_TIMEOUT: "应答超时",
	TIMEOUT: "应答超时",
	ADDRESS_REFUSED: "地址不允许访问",
	DEPTH_ZERO_SELF_SIGNED_CERT: "证书不可信",
	SELF_SIGNED_CERT_IN_CHAIN: "证书不可信",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "证书不可信",
	UNABLE_TO_GET_ISSUER_CERT: "证书不可信",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "证书不可信",
	CERT_UNTRUSTED: "证书不可信",
	CERT_NOT_YET_VALID: "证书尚未生效",
	CERT_HAS_EXPIRED: "证书已过期",
	ERR_TLS_CERT_ALTNAME_INVALID: "证书与域名不符",
}

/** `now`: ms. */
export const verdictOf = (answer: Answer, now: number): Verdict => {
	if (answer.is === "failed") return { is: "down", reason: `${REASONS[answer.code] ?? "请求失败"}(${answer.code})`, after: null }
	const { status, headers } = answer
	const after = retryAfter(headers["retry-after"], now)
	if (status >= 200 && status < 300) return { is: "delivered" }
	if (status === 410) return { is: "gone" }
	if (status >= 300 && status < 400)
		return { is: "down", reason: `应答 ${status}:端点地址已变(${headers["location"] ?? "未说明"}),不跟随转向;请改登记的地址`, after }
	if (status >= 400 && status < 500 && !FOR_NOW.has(status)) return { is: "refused", reason: `应答 ${status}`, after }
	return { is: "down", reason: `应答 ${status}`, after }
}
