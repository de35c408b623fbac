import { setTimeout as pause } from "node:timers/promises"
import { type Known, parsePosition } from "@yima/schemas"
import type { Desk } from "./desk.ts"
import { refusal } from "./refusal.ts"

/** How long an answer waits for the registry, ms, and how often it looks. */
const PATIENCE = 5000
const LOOK = 25
/** A tick that was under way already may have come too early: it is sent again after this, ms. */
const TICK_AGAIN = 250

/** One at a time: whoever asks for a tick while one is under way shares it. */
export const shared = (work: () => Promise<void>): (() => Promise<void>) => {
	let running: Promise<void> | null = null
	return () => {
		running ??= work().finally(() => {
			running = null
		})
		return running
	}
}

/** Waits until a condition holds; false: it has not in time. */
export const until = async (holds: () => Promise<boolean>, from = performance.now()): Promise<boolean> => {
	for (;;) {
		if (await holds()) return true
		if (performance.now() - from > PATIENCE) return false
		await pause(LOOK)
	}
}

/** `<partition>-<offset>`, several with commas between: what an accepted event was answered with, or what `yima-position` said. */
const PLACES = /^\d{1,4}-\d{1,18}(?:,\d{1,4}-\d{1,18}){0,255}$/

/** Read your own write: waits until the registry has worked off these records and all that they caused. */
export const waitForPlaces = async (header: string, { reader, now }: Desk): Promise<void> => {
	const text = header.replaceAll(" ", "")
	if (!PLACES.test(text)) throw refusal("BAD_INPUT", "yima-at-least 应为 <分区>-<位点>,即回执中的 position")
	const from = performance.now()
	for (const each of text.split(",")) {
		const place = parsePosition(each)
		if (place !== null && !(await until(() => reader.hasReached(place, now()), from))) throw refusal("UNAVAILABLE", `登记库尚未处理到位置 ${each},请稍后再试`)
	}
}

/** Lets time pass until the registry promises answers for a knownAt. */
export const waitForKnown = async (known: Known, { reader, tick }: Desk): Promise<void> => {
	const from = performance.now()
	let ticked = Number.NEGATIVE_INFINITY
	const reached = await until(async () => {
		const watermark = await reader.snapshot(async (snapshot) => snapshot.watermark)
		if (watermark >= known) return true
		if (performance.now() - ticked > TICK_AGAIN) {
			ticked = performance.now()
			await tick()
		}
		return false
	}, from)
	if (!reached) throw refusal("UNAVAILABLE", "登记库未能在 5 秒内处理到所要的 knownAt,请稍后再试")
}
