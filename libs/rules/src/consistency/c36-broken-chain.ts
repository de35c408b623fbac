import { type Line, linesOf, share, type Who } from "@yima/lifecycle"
import { type EventKey, type Moment, startOfDay } from "@yima/schemas"
import type { FindingRule, Suspicion } from "../finding.ts"
import { called, isOwn, lineBy, ownLines, type Spatial } from "../own.ts"
import { fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"
import { notAfter, onDay, type When, whenOf } from "../when.ts"
import { ownContracts } from "./sold.ts"
import { day, filed, said, suspect } from "./suspect.ts"

interface Holding {
	readonly what: string
	readonly holders: readonly Who[]
	readonly event: EventKey
	readonly at: Moment
	readonly when: When
}

/** The last of these by then, and those of the same day whose order is not known. */
const latestBy = (all: readonly Holding[], act: When): readonly Holding[] => {
	const sure = all.filter((each) => notAfter(each.when, act) === "yes").sort((a, b) => a.at - b.at)
	return [...sure.slice(-1), ...all.filter((each) => notAfter(each.when, act) === "open")]
}

/** Who had the land: its grantee, then by the register of the parcel. */
const landHoldings = (view: Spatial): readonly Holding[] => {
	const grants = linesOf(view.lines, "land.granted").map((line) => ({
		what: "土地受让人",
		holders: [line.says.grantee],
		event: line.key,
		at: line.time,
		when: whenOf(line),
	}))
	return [...grants, ...registered(view, (scope) => scope.length === 19, "土地权利人")]
}

const registered = (view: Spatial, is: (scope: string) => boolean, what: string): readonly Holding[] =>
	view.certificates.flatMap((each) => {
		const line = lineBy(view, each.event)
		const isHere = is(each.scope)
		return line === undefined || !isHere ? [] : [{ what, holders: each.holders, event: each.event, at: each.at, when: whenOf(line) }]
	})

interface Act {
	readonly what: string
	readonly on: string
	readonly party: Who
	readonly at: Moment
	readonly saidAt: Moment
	readonly when: When
	readonly proof: Proof
	readonly after: readonly Holding[]
}

const actsOf = (view: Spatial): readonly Act[] => {
	const land = landHoldings(view)
	const act = (line: Line, what: string, on: string, party: Who | undefined, after: readonly Holding[]): readonly Act[] =>
		party === undefined
			? []
			: [{ what, on, party, at: line.time, saidAt: line.time, when: whenOf(line), proof: said(line, `${day(line.time)} ${what}: ${called(party)}`), after }]
	const permits = [
		...ownLines(view, "planning.land-permitted").flatMap((line) =>
			act(line, `用地许可 ${line.says.permitNo} 的持有人`, line.says.permitNo, line.says.holder, land),
		),
		...ownLines(view, "planning.works-permitted").flatMap((line) =>
			act(line, `建字 ${line.says.permitNo} 的持有人`, line.says.permitNo, line.says.holder, land),
		),
		...ownLines(view, "construction.permitted").flatMap((line) =>
			act(line, `施工许可 ${line.says.permitNo} 的持有人`, line.says.permitNo, line.says.holder, land),
		),
		...ownLines(view, "construction.presale-permitted", "construction.completed-sale-filed").flatMap((line) =>
			act(line, `销售许可 ${line.says.permitNo} 的售房人`, line.says.permitNo, line.says.seller, land),
		),
	]
	const first = view.certificates.flatMap((each) => {
		const line = lineBy(view, each.event)
		if (line === undefined || !isOwn(view, each.scope) || (each.act !== "first" && each.act !== "land")) return []
		const before = each.act === "land" ? land.filter((holding) => holding.event !== each.event) : land
		return act(line, `${each.act === "land" ? "土地" : "房屋"}首次登记 ${each.certificateNo} 的权利人`, each.certificateNo, each.holders[0], before)
	})
	const sales = (view.is === "unit" ? ownContracts(view) : []).map((contract): Act => {
		const when = onDay(contract.signedOn)
		const own = registered(view, (scope) => scope.length > 19, "登记权利人")
		const sellers = linesOf(view.lines, "construction.presale-permitted", "construction.completed-sale-filed").flatMap((line): readonly Holding[] =>
			line.says.seller === undefined || line.fact.reach === "here"
				? []
				: [{ what: `销售许可 ${line.says.permitNo} 的售房人`, holders: [line.says.seller], event: line.key, at: line.time, when: whenOf(line) }],
		)
		const after = [own, sellers, land].find((each) => latestBy(each, when).length > 0) ?? []
		return {
			what: `合同 ${contract.contractNo} 的出卖人`,
			on: contract.contractNo,
			party: contract.seller,
			at: startOfDay(contract.signedOn),
			saidAt: contract.filedAt,
			when,
			proof: filed(contract, `,出卖人 ${called(contract.seller)}`),
			after,
		}
	})
	return [...permits, ...first, ...sales]
}

const judge = (view: Spatial, { same }: Scene): readonly Suspicion[] =>
	actsOf(view).flatMap(({ what, on, party, at, saidAt, when, proof, after }) => {
		const before = latestBy(after, when)
		if (before.length === 0 || before.some((each) => share(same, each.holders, [party]))) return []
		return suspect({
			on,
			since: at,
			saidAt,
			says: `${what} ${called(party)},不是当时的${before.map((each) => `${each.what} ${each.holders.map(called).join("、")}`).join("、")},其间没有转移登记。解除所需: 补报转移登记或企业更名,或更正,或登记员办结`,
			parts: [proof, ...before.map((each) => fact(true, `${day(each.at)} ${each.what}: ${each.holders.map(called).join("、")}`, [each.event], each.at))],
		})
	})

export const c36: FindingRule = {
	code: "C36",
	title: "土地受让人、许可持有人、出卖人、首登权利人断链",
	severity: "BLOCK",
	kind: "breach",
	responsible: "不动产登记中心",
	basis: "城市房地产管理法",
	reads: [
		"land.granted",
		"land.right-registered",
		"planning.land-permitted",
		"planning.works-permitted",
		"construction.permitted",
		"construction.presale-permitted",
		"construction.completed-sale-filed",
		"registration.first-registered",
		"registration.transferred",
		"registration.corrected",
		"sales.contract-filed",
		"sales.contract-amended",
		"registrar.party-renamed",
	],
	parameters: [],
	example: "土地由甲公司取得,预售许可却发给乙公司,没有转移登记。",
	unit: judge,
	building: judge,
	parcel: judge,
}
