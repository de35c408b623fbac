import { createWriteStream } from "node:fs"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable, Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { type Profile, ProfileWrong, readProfile, SheetUnreadable } from "@yima/sheets"
import { bytesOf, encodingOf } from "./bytes.ts"
import { type Importing, type ImportLine, importSheet } from "./import-sheet.ts"
import { problemLine, problemResponse, Refusal, refusalOf, stopping } from "./refusal.ts"
import type { Sender } from "./sender.ts"

export interface ImportDoorOptions extends Importing {
	/** The folder of mapping profiles, `<name>.yaml`: read at each import, so that one can be put there at any time. */
	readonly profiles: string
	readonly senderOf: (request: Request) => Sender | Promise<Sender>
	readonly failed: (error: unknown) => void
}

export interface ImportDoor {
	/** `POST /imports?profile=NAME`, the file as its body; `GET /imports` lists the profiles. Never rejects. */
	readonly fetch: (request: Request) => Promise<Response>
	/** Breaks off what is under way, and resolves when it has ended. */
	readonly stop: () => Promise<void>
}

/** The largest file, bytes. */
const MOST_BYTES = 500_000_000
/** Imports at once: each holds a piece of a sheet, and whoever begins one may as well wait. */
const MOST_AT_ONCE = 4

const NAME = /^[\w-]{1,100}$/

const profileNamed = async (folder: string, name: string): Promise<Profile> => {
	const text = NAME.test(name) ? await readFile(join(folder, `${name}.yaml`), "utf8").catch(() => null) : null
	if (text === null) throw new Refusal("profile", `没有映射方案「${name.slice(0, 100)}」;yima profile list(或 GET /imports)列出全部`)
	return readProfile(name, text)
}

/** Every profile in a folder, or why it cannot be used: one that is wrong hides none of the others. */
export const profilesIn = async (folder: string): Promise<readonly (Profile | ProfileWrong)[]> => {
	const names = (await readdir(folder)).flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : [])).sort()
	return Promise.all(
		names.map((name) =>
			profileNamed(folder, name).catch((error: unknown) => {
				if (error instanceof ProfileWrong) return error
				throw error
			}),
		),
	)
}

/** As `GET /imports` tells of one. `wrong`: why it cannot be used, null where it can. */
const listed = (each: Profile | ProfileWrong) =>
	each instanceof ProfileWrong
		? { name: each.profile, title: "", department: "", wrong: each.message }
		: { name: each.name, title: each.title, department: each.department, wrong: null }

const isOn = (url: URL, name: string): boolean => ["1", "true"].includes(url.searchParams.get(name) ?? "")

/** Sheets lie in folders named after their process: what one that was killed has left behind holds persons' data, and goes. */
const SPOOL = join(tmpdir(), "yima-import-")

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM"
	}
}

const sweep = async (): Promise<void> => {
	for (const name of await readdir(tmpdir())) {
		const pid = /^yima-import-(\d+)-/.exec(name)?.[1]
		if (pid !== undefined && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true })
	}
}

/** Writes the body down: a sheet's end says where its beginning is. Fails with a `Refusal`. */
const spooled = async (request: Request, path: string, signal: AbortSignal): Promise<void> => {
	let length = 0
	const counted = new Transform({
		transform: (piece: Buffer, _, done) => {
			length += piece.length
			if (length > MOST_BYTES) done(new Refusal("too-large", `文件最多 ${MOST_BYTES / 1_000_000} MB`))
			else done(null, piece)
		},
	})
	await pipeline(Readable.from(bytesOf(request, encodingOf(request)), { objectMode: false }), counted, createWriteStream(path), { signal })
}

const told = (line: ImportLine): string => `${JSON.stringify(line)}\n`

/** A file that cannot be read is its sender's to put right. */
const asRefusal = (error: unknown): Refusal =>
	error instanceof SheetUnreadable
		? new Refusal("sheet", error.message)
		: error instanceof ProfileWrong
			? new Refusal("profile", error.message)
			: refusalOf(error)

/** The door for sheets: what is in them goes in by the same checks as every event. */
export const importDoor = (options: ImportDoorOptions): ImportDoor => {
	const { profiles, senderOf, failed } = options
	const stop = new AbortController()
	const running = new Set<Promise<void>>()
	sweep().catch(failed)

	/** The lines of one import; the file is gone when they end, however they end. */
	async function* lines(request: Request, url: URL, profile: Profile, folder: string): AsyncGenerator<string> {
		const signal = AbortSignal.any([request.signal, stop.signal])
		let end: () => void = () => undefined
		const ended = new Promise<void>((resolve) => {
			end = resolve
		})
		running.add(ended)
		try {
			const order = {
				path: join(folder, "sheet"),
				profile,
				isDry: isOn(url, "dry-run"),
				isComplete: isOn(url, "complete") || profile.complete === true,
				sender: await senderOf(request),
				signal,
			}
			for await (const line of importSheet(options, order)) yield told(line)
		} catch (error) {
			const refusal = stop.signal.aborted ? stopping() : asRefusal(error)
			if (!(error instanceof SheetUnreadable) && !signal.aborted) failed(error)
			yield problemLine(refusal)
		} finally {
			await rm(folder, { recursive: true, force: true })
			running.delete(ended)
			end()
		}
	}

	const imported = async (request: Request): Promise<Response> => {
		const url = new URL(request.url)
		const name = url.searchParams.get("profile")
		if (name === null) throw new Refusal("profile", "请用 ?profile= 写明映射方案;GET /imports 列出全部")
		if (stop.signal.aborted) throw stopping()
		if (running.size >= MOST_AT_ONCE) throw new Refusal("busy", "正在导入的表格过多,请稍后重发", 10)
		const profile = await profileNamed(profiles, name)
		const folder = await mkdtemp(`${SPOOL}${process.pid}-`)
		try {
			await spooled(request, join(folder, "sheet"), stop.signal)
		} catch (error) {
			await rm(folder, { recursive: true, force: true })
			throw stop.signal.aborted ? stopping() : error
		}
		const body = Readable.toWeb(
			Readable.from(lines(request, url, profile, folder), { objectMode: true, highWaterMark: 1 }).map((line: string) => Buffer.from(line)),
		)
		return new Response(body as ReadableStream<Uint8Array>, { headers: { "content-type": "application/x-ndjson; charset=utf-8" } })
	}

	return {
		fetch: async (request) => {
			try {
				if (request.method === "GET") return Response.json((await profilesIn(profiles)).map(listed))
				if (request.method !== "POST") throw new Refusal("method", "表格用 POST 发送")
				return await imported(request)
			} catch (error) {
				if (!(error instanceof Refusal || error instanceof ProfileWrong)) failed(error)
				return problemResponse(asRefusal(error))
			}
		},
		stop: async () => {
			stop.abort(stopping())
			await Promise.all(running)
		},
	}
}
