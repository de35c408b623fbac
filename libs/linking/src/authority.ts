import type { Kind } from "@yima/schemas"

/** 1 is nearest to the ground; what defines a number of one rank is placed by numbers of lower ranks only. */
export type Rank = 1 | 2 | 3 | 4 | 5 | 6

/**
 * Who may define a kind stands with the event types (`defines` in schemas); here: how far its meaning reaches (`semantics.md` §2).
 * `agree`: definitions that lead to different codes make the value disputed; otherwise they add up.
 * `whole`: an event of several units may rest on it; otherwise its sets only narrow what others say.
 * `lifted`: its definitions lead to buildings or parcels, whatever the extent of the event that defines.
 */
interface Authority {
	readonly rank: Rank
	readonly agree: boolean
	readonly whole: boolean
	readonly lifted: boolean
}

const one = { rank: 1, agree: true, whole: true, lifted: false } as const
const permit = { rank: 2, agree: false, whole: false, lifted: true } as const
const document = (rank: Rank): Authority => ({ rank, agree: true, whole: true, lifted: false })

export const authority: { readonly [K in Kind]: Authority } = {
	"house-code": one,
	"building-label": one,
	"supervision-no": one,
	"grant-contract-no": one,
	"project-code": one,
	"survey-no": { ...permit, rank: 1 },
	address: { rank: 1, agree: false, whole: false, lifted: false },
	"land-permit-no": permit,
	"works-permit-no": permit,
	"construction-permit-no": permit,
	"presale-permit-no": permit,
	"verification-no": permit,
	"acceptance-no": permit,
	"contract-no": document(3),
	"application-no": document(4),
	"proof-no": document(4),
	"seizure-no": document(4),
	"certificate-no": document(5),
	"invoice-no": document(6),
	"tax-receipt-no": document(6),
	"account-no": document(6),
}
