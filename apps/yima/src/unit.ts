import { STAGE_TITLES } from "@yima/lifecycle"
import { ask } from "./ask.ts"
import { checklist, type Judged, READINESS } from "./checklist.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { local } from "./local-time.ts"
import { shownArgs } from "./shown-args.ts"

const help = `用法:yima unit [--as-of 时刻] [--known-at 时刻] [--json] CODE

在终端中显示一个不动产单元的全程:阶段、权利、限制,能否交房即交证、差什么、轮到谁,和每一件事。

  --as-of     截至何时的事实(YYYY-MM-DD 为当日终了,或 RFC 3339;默认现在)
  --known-at  按何时所知(默认全部所知)
  --json      以 JSON 输出
  YIMA_URL    查询服务的地址(默认为本机运行中的一码)

退出码:0 有此单元,1 没有,2 用法有误或连不上`

const QUERY = `query Unit($code: UnitCode!, $asOf: DateTime, $knownAt: DateTime, $after: String) {
	unit(code: $code, asOf: $asOf, knownAt: $knownAt) {
		code formattedCode status stage address floor room use contentHash
		area { predicted contracted measured }
		project { code name }
		holders { name }
		certificate { certificateNo registeredOn }
		milestones { stage since }
		contracts { contractNo status signedOn totalPriceCny }
		mortgages(active: true) { proofNo kind mortgagee { name } }
		seizures(active: true) { seizureNo state court toOn }
		utilityAccounts { service company accountNo status }
		identifiers { kind value }
		${READINESS}
		timeline(first: 200, after: $after) {
			totalCount
			pageInfo { hasNextPage endCursor }
			edges { node { id source type title occurredAt department inheritedFrom inForce } }
		}
	}
}`

interface Node {
	readonly id: string
	readonly source: string
	readonly type: string
	readonly title: string
	readonly occurredAt: string
	readonly department: string
	readonly inheritedFrom: string | null
	readonly inForce: boolean
}

interface Unit extends Judged {
	readonly code: string
	readonly formattedCode: string
	readonly status: string
	readonly stage: string | null
	readonly address: string | null
	readonly contentHash: string
	readonly area: { readonly predicted: string | null; readonly contracted: string | null; readonly measured: string | null }
	readonly project: { readonly code: string; readonly name: string | null } | null
	readonly holders: readonly { readonly name: string }[]
	readonly certificate: { readonly certificateNo: string; readonly registeredOn: string } | null
	readonly contracts: readonly { readonly contractNo: string; readonly status: string; readonly signedOn: string; readonly totalPriceCny: string }[]
	readonly mortgages: readonly { readonly proofNo: string; readonly kind: string; readonly mortgagee: { readonly name: string } }[]
	readonly seizures: readonly { readonly seizureNo: string; readonly state: string; readonly court: string; readonly toOn: string | null }[]
	readonly utilityAccounts: readonly { readonly service: string; readonly company: string; readonly accountNo: string | null; readonly status: string }[]
	readonly timeline: {
		readonly totalCount: number | null
		readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
		readonly edges: readonly { readonly node: Node }[]
	}
}

const STATUSES: Readonly<Record<string, string>> = { CURRENT: "现状", PROVISIONAL: "预测,未实测", RETIRED: "已灭失" }

const row = (title: string, value: string | null | undefined): readonly string[] =>
	value === null || value === undefined || value === "" ? [] : [`${title} ${value}`]

const timelineRow = ({ occurredAt, title, department, id, inheritedFrom, inForce }: Node): string =>
	`  ${local(occurredAt)}  ${title}${inForce ? "" : "(已更正或撤回)"}  ${department} ${id}${inheritedFrom === null ? "" : `  ← ${inheritedFrom}`}`

const report = (unit: Unit, nodes: readonly Node[]): string =>
	[
		`${unit.formattedCode}  ${STATUSES[unit.status] ?? unit.status}${unit.stage === null ? "" : `,${STAGE_TITLES[unit.stage] ?? unit.stage}`}`,
		...row("坐落", unit.address),
		...row("项目", unit.project === null ? null : `${unit.project.name ?? ""} ${unit.project.code}`),
		...row(
			"面积",
			[["预测", unit.area.predicted] as const, ["合同", unit.area.contracted] as const, ["实测", unit.area.measured] as const]
				.flatMap(([name, m2]) => (m2 === null ? [] : [`${name} ${m2} m²`]))
				.join(","),
		),
		...row("权利人", unit.holders.map((each) => each.name).join("、")),
		...row("证书", unit.certificate === null ? null : `${unit.certificate.certificateNo}(${unit.certificate.registeredOn})`),
		...unit.contracts.flatMap((each) =>
			row("合同", `${each.contractNo} ${each.signedOn} ${each.totalPriceCny} 元${each.status === "LIVE" ? "" : `(${each.status})`}`),
		),
		...unit.mortgages.flatMap((each) => row("抵押", `${each.proofNo} ${each.mortgagee.name}`)),
		...unit.seizures.flatMap((each) => row("查封", `${each.seizureNo} ${each.court}${each.toOn === null ? "" : `,至 ${each.toOn}`}`)),
		...unit.utilityAccounts.flatMap((each) => row("户号", `${each.company} ${each.accountNo ?? ""} ${each.status}`)),
		"",
		...checklist(unit),
		"",
		`全程(${nodes.length} 件)`,
		...nodes.map(timelineRow),
		"",
		`内容哈希 ${unit.contentHash}`,
	].join("\n")

export const unit: Command = {
	help,
	run: async (args) => {
		const { positionals, json, moments } = shownArgs(args)
		if (positionals.length === 0) {
			console.error(help)
			return USAGE
		}
		const nodes: Node[] = []
		let found: Unit | null = null
		for (let after: string | null = null; ; ) {
			const { unit: page }: { readonly unit: Unit | null } = await ask(process.env, QUERY, {
				code: positionals.join(" "),
				...(after === null ? moments : {}),
				after,
			})
			if (page === null) break
			found ??= page
			nodes.push(...page.timeline.edges.map((edge) => edge.node))
			if (!page.timeline.pageInfo.hasNextPage) break
			after = page.timeline.pageInfo.endCursor
		}
		if (found === null) {
			console.error("登记系统中没有任何事件提到这个代码")
			return NO
		}
		console.log(json ? JSON.stringify({ ...found, timeline: nodes }, null, 2) : report(found, nodes))
		return YES
	},
}
