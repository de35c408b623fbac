import { parseArgs } from "node:util"
import { connect } from "@yima/registry"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { configuration } from "./configuration.ts"
import { databaseUrl } from "./database.ts"
import { openLog } from "./open-log.ts"

const help = `用法:yima log adopt [--yes]

日志被重建、截断或换了一个之后,挂接会停在红色状态,不会自行跳过。确认无误后,
用本命令接受现在的日志:每个分区从它现存的起点读起(同一日志则从原位置与现存范围
中最近处读起)。已入库的历史不受影响;重复的记录按身份只计一次。

  --yes   执行;不写则只说明会怎样

退出码:0 已执行或无须执行,1 需要执行而未写 --yes,2 用法或配置有误`

interface Row {
	readonly partition: number
	readonly next: string
	readonly incarnation: string
}

export const log: Command = {
	help,
	run: async (args) => {
		const { values, positionals } = parseArgs({ args: [...args], options: { yes: { type: "boolean", default: false } }, allowPositionals: true })
		if (positionals.join(" ") !== "adopt") {
			console.error(help)
			return USAGE
		}
		const config = configuration(process.env)
		const connectionString = databaseUrl(process.env)
		const opened = await openLog(config, connectionString)
		const pool = connect({ connectionString, max: 2 })
		try {
			const [incarnation, marks, { rows }] = await Promise.all([
				opened.incarnation(),
				opened.watermarks(),
				pool.query<Row>(`select partition, next, incarnation from position order by partition`),
			])
			const moves = rows.flatMap((row) => {
				const mark = marks.find((each) => each.partition === row.partition)
				if (mark === undefined) return []
				const next = BigInt(row.next)
				const to = row.incarnation !== incarnation || next < mark.low ? mark.low : next > mark.high ? mark.high : next
				return to === next && row.incarnation === incarnation ? [] : [{ partition: row.partition, from: next, to }]
			})
			if (moves.length === 0) {
				console.log("登记库所读的正是现在的日志,无须接受")
				return YES
			}
			for (const { partition, from, to } of moves) console.log(`分区 ${partition}:原读到 ${from},将从 ${to} 读起`)
			if (!values.yes) {
				console.log("确认后加 --yes 执行")
				return NO
			}
			await pool.query(
				`update position p set turn = p.turn + 1, next = m.next, incarnation = $3
					from unnest($1::smallint[], $2::bigint[]) as m(partition, next) where p.partition = m.partition`,
				[moves.map((each) => each.partition), moves.map((each) => each.to), incarnation],
			)
			console.log("已接受;各挂接进程会自行继续")
			return YES
		} finally {
			await Promise.all([pool.end(), opened.close()])
		}
	},
}
