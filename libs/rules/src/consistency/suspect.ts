import type { Line, SaleContract } from "@yima/lifecycle"
import { type EventKey, localDate, type Moment } from "@yima/schemas"
import type { Severity, Suspicion } from "../finding.ts"
import { all, type Cure, fact, type Proof } from "../proof.ts"
import type { Answer } from "../when.ts"

interface Suspected {
	readonly on: string
	/** Of a breach: when the act was done. Absent: since all its parts hold. */
	readonly since?: Moment
	/** When an act was filed that a document dates to an earlier day. */
	readonly saidAt?: Moment
	/** Whether the order of things makes it so; open: no more than a NOTE (`semantics.md` §4). */
	readonly if?: Answer
	readonly severity?: Severity
	readonly clearedBy?: Cure
	readonly says: string
	/** What it follows from; it is raised if all of it holds. */
	readonly parts: readonly Proof[]
}

/** One suspicion, or none. */
export const suspect = ({ on, since, saidAt, if: answer = "yes", severity, clearedBy, says, parts }: Suspected): readonly Suspicion[] => {
	if (answer === "no") return []
	const proof = all(answer === "open" ? `${says}(当天先后不明)` : says, parts)
	const at = since ?? proof.since
	if (!proof.holds || at === null) return []
	return [
		{
			on,
			since: at,
			...(saidAt === undefined ? {} : { saidAt }),
			...(clearedBy === undefined ? {} : { clearedBy }),
			proof,
			...(answer === "open" ? { severity: "NOTE" as const } : severity === undefined ? {} : { severity }),
		},
	]
}

/** What a line says, in words. */
export const said = (line: Line, statement: string): Proof => fact(true, statement, [line.key], line.time)

export const day = (at: Moment): string => localDate(at)

/** The filing of a contract, in words. */
export const filed = (contract: SaleContract, more = ""): Proof =>
	fact(true, `合同 ${contract.contractNo} ${contract.signedOn} 签订,${day(contract.filedAt)} 备案${more}`, [contract.events[0] as EventKey], contract.filedAt)
