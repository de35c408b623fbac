import { execFileSync } from "node:child_process"
import { residentId } from "@yima/seeds"
import { summary } from "../summary.ts"
import { serve } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { secondsOf } from "./flying.ts"
import type { Place, Stand } from "./place.ts"
import type { Row } from "./row.ts"

const HEAD = "合同编号,不动产单元号,合同类型,出卖人,出卖人证件号,买受人,买受人证件号,房屋建筑面积（㎡）,成交价格(万元),签约日期,备案日期,合同状态"
const [COMPANY, NUMBER] = ["焦作市示范置业有限公司", "91410899MA0000001F"]
const pad = (n: number, width: number): string => String(n).padStart(width, "0")

/** A resident's number, each row's own. */
const numberOf = (n: number): string => residentId(`410800${1960 + (n % 40)}${pad(1 + (n % 12), 2)}${pad(1 + (Math.floor(n / 12) % 28), 2)}${pad(n % 1000, 3)}`)
const flat = (n: number): string => `410811${pad(40 + Math.floor(n / 900_000), 3)}001GB${pad(1 + Math.floor(n / 900), 5)}F0001${pad(1 + (n % 900), 4)}`

/** The same contracts as a department's sheet, and as events. */
const sheet = (rows: number): string =>
	`${HEAD}\n${Array.from(
		{ length: rows },
		(_, n) =>
			`HT${pad(n, 8)},${flat(n)},预售,${COMPANY},${NUMBER},甲${n}、乙${n},${numberOf(n)}、${numberOf(n + 7)},118.50,92.43,2023年5月31日,2023-06-01 09:30,有效`,
	).join("\n")}\n`

const events = (rows: number): string =>
	Array.from({ length: rows }, (_, n) => {
		const buyers = [n, n + 7].map((at, which) => ({ name: `${"甲乙"[which]}${n}`, idKind: "resident-id", idNumber: numberOf(at) }))
		const data = {
			contractNo: `HT${pad(n, 8)}`,
			kind: "presale",
			seller: { name: COMPANY, idKind: "uscc", idNumber: NUMBER },
			buyers,
			signedOn: "2023-05-31",
			areaM2: "118.50",
			totalPriceCny: "924300.00",
		}
		const event = {
			specversion: "1.0",
			id: `HT${pad(n, 8)}@1`,
			source: "urn:jz:housing",
			type: "yima.sales.contract-filed.v1",
			subject: flat(n),
			time: "2023-06-01T09:30:00+08:00",
			data,
		}
		return `${JSON.stringify(event)}\n`
	}).join("")

interface Sent {
	readonly seconds: number
	/** Resident memory of the door's process, MB, looked at often. */
	readonly memory: readonly number[]
}

/** How often the memory is looked at, ms. */
const LOOK = 250

const sent = async (stand: Stand, path: string, type: string, body: string, isDone: (text: string) => boolean): Promise<Sent> => {
	const door = await serve(["intake", "linker"], stand.env)
	const agent = connections(1)
	const memory: number[] = []
	const looking = setInterval(() => memory.push(Number(execFileSync("ps", ["-o", "rss=", "-p", String(door.pid)], { encoding: "utf8" })) / 1024), LOOK)
	await stand.settle()
	const seconds = await secondsOf(async () => {
		const { status, text } = await exchange(agent, `${door.url}${path}`, type, Buffer.from(body))
		if (status !== 200 || !isDone(text)) throw new Error(`${status} ${text.slice(-500)}`)
	})
	clearInterval(looking)
	agent.destroy()
	await door.stop()
	return { seconds, memory }
}

/**
 * A sheet of contracts by its profile, from the POST to the last answer, ÷ the same events as lines; `yima serve` with door and linker in a process of
 * its own, two natural persons in each row. And the process's memory in the second half ÷ in the first.
 */
export const importing = async (place: Place, { rows, rounds }: Flags): Promise<readonly Row[]> => {
	const [csv, ndjson] = [sheet(rows), events(rows)]
	const all: { readonly ours: Sent; readonly reference: Sent }[] = []
	for (let round = 0; round < rounds; round++) {
		const reference = await place.on((stand) => sent(stand, "/events", "application/x-ndjson", ndjson, (text) => text.trimEnd().split("\n").length === rows))
		const ours = await place.on((stand) =>
			sent(stand, "/imports?profile=contract", "text/csv", csv, (text) => text.includes(`"done":{"rows":${rows}`) && text.includes(`"sent":${rows},`)),
		)
		all.push({ ours, reference })
	}
	const half = ({ memory }: Sent, from: number, to: number) => summary(memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to))).median
	return [
		{
			what: `import of a sheet of ${rows} rows`,
			by: "the same events by NDJSON",
			unit: "rows/s",
			rounds: all.map(({ ours, reference }) => ({ ours: rows / ours.seconds, reference: rows / reference.seconds })),
			aim: "0.5",
		},
		{
			what: "memory of the intake in the second half of the import",
			by: "in its second quarter",
			unit: "MB",
			rounds: all.map(({ ours }) => ({ ours: half(ours, 0.5, 1), reference: half(ours, 0.25, 0.5) })),
			aim: "1.0: flat",
		},
	]
}
