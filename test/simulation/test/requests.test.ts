import { MemoryRegistry } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { type Json, testSealer } from "@yima/test-kit"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Desired, type LastSaid } from "../src/desired.ts"
import { Hearing } from "../src/hearing.ts"
import { replay } from "../src/replaying.ts"
import { event, moment, type Said, told } from "../src/telling.ts"

/** How many schedules: YIMA_RUNS asks for more, YIMA_SEED replays those of one seed. */
const RUNS = Number(process.env["YIMA_RUNS"] ?? 200)
const SEED = process.env["YIMA_SEED"]

const BUILDING = "410811001002GB00018F0001"
const [FLAT, OTHER, NEW] = [`${BUILDING}0001`, `${BUILDING}0002`, `${BUILDING}0003`]
const buyer = (n: number) => ({ name: `买受人${n}`, idKind: "passport", idNumber: `P${n}` })

const survey = event(
	"survey",
	"survey.predicted",
	"2023-01-02T00:00:00+08:00",
	{ surveyNo: "YC-1", units: [FLAT, OTHER].map((code, n) => ({ code, areaM2: "100.00", address: `建设路1号${n + 1}室` })) },
	BUILDING,
)
const connected = (service: string, time = "2023-05-01T10:00:00+08:00", company = `焦作${service}公司`, id = `connected-${service}-${company}`) =>
	event(id, "utility.connected", time, { service, company, accounts: [FLAT, OTHER].map((unit, n) => ({ unit, accountNo: `100${n}` })) }, BUILDING)
const applied = (n: number, given: boolean | null = true, subject = FLAT, time = "2023-06-01T10:00:00+08:00") =>
	event(
		`applied-${n}`,
		"registration.transfer-applied",
		time,
		{ applicationNo: `SL-${n}`, holders: [buyer(n)], ...(given === null ? {} : { consents: { utilities: { given, consentId: `TY-${n}` } } }) },
		subject,
	)
const transferred = (n: number, time = "2023-06-02T10:00:00+08:00", more: Json = {}, subject = FLAT) => ({
	...event(`transferred-${n}`, "registration.transferred", time, { applicationNo: `SL-${n}`, certificateNo: `豫-${n}`, holders: [buyer(n)] }, subject),
	...more,
})
const retracted = (of: string, id = `no-${of}`, time = "2023-06-05T10:00:00+08:00") =>
	event(id, "registration.retracted", time, { event: { id: of }, reason: "误登" }, FLAT)

/** Who sends it knows no code. */
const lost = ({ subject, ...rest }: Json): Json => rest

/** The water company has opened the account. */
const opened = (more: Json) =>
	event("opened", "utility.account-opened", "2023-06-04T10:00:00+08:00", { service: "water", company: "焦作water公司", accountNo: "1000", ...more }, FLAT)

/** The flats of these codes are one now, under another code. */
const merged = (...predicted: readonly string[]) =>
	event(
		"merged",
		"survey.measured",
		"2023-06-05T12:00:00+08:00",
		{ surveyNo: "SC-1", units: [{ code: NEW, areaM2: "200.00", link: predicted.length > 1 ? "merged" : "same", predicted }] },
		BUILDING,
	)

/** One after the other, a day apart. */
const daily = (...events: readonly Json[]): readonly Said[] => events.map((json, n) => [new Date(Date.UTC(2023, 5, 10 + n)).toISOString(), json])

interface Asked {
	readonly requestId: string
	readonly revision: number
	readonly kind: string
	readonly unit: string
	readonly service: string
	readonly company: string
}
const askedOf = ({ derived }: MemoryRegistry): readonly Asked[] =>
	derived.flatMap((each) => (each.type === "utility.account-requested" ? [JSON.parse(each.data) as Asked] : []))
const kinds = (registry: MemoryRegistry, service = "water", unit = FLAT): readonly string[] =>
	askedOf(registry).flatMap((each) => (each.service === service && each.unit === unit ? [`${each.revision} ${each.kind}`] : []))

const ready = [survey, connected("water"), connected("gas"), applied(1)]

describe("an account request", () => {
	test("is said once for each connected service when the flat is registered to its buyer, and holds no more than the company needs", async () => {
		const { registry, until } = await told(daily(...ready, transferred(1)))
		await until("2023-07-01T00:00:00Z")
		expect(askedOf(registry)).toEqual(
			["water", "gas"].map((service) => ({
				requestId: `${FLAT}-${service}`,
				revision: 1,
				kind: "OPEN",
				unit: FLAT,
				address: "建设路1号1室",
				service,
				company: `焦作${service}公司`,
				accountNo: "1000",
				consentId: "TY-1",
				holder: expect.objectContaining({ kind: "passport", in: ["urn:jz:a#transferred-1"] }),
			})),
		)
		expect(registry.derived.filter((each) => each.type === "utility.account-requested")).toMatchObject([
			{ service: "water", subject: FLAT, causedBy: "urn:jz:a#transferred-1" },
			{ service: "gas", subject: FLAT },
		])
	})

	test.each([
		["without consent", [applied(1, false)]],
		["where no consent was asked for", [applied(1, null)]],
		["without an application", []],
	])("is not said %s", async (_, application) => {
		const { registry } = await told(daily(survey, connected("water"), ...application, transferred(1)))
		expect(askedOf(registry)).toEqual([])
	})

	test("waits for the connection, and then is said", async () => {
		const { registry, until } = await told(daily(survey, applied(1), transferred(1), connected("water", "2023-06-20T10:00:00+08:00")))
		await until("2023-06-20T01:59:59Z")
		expect(askedOf(registry)).toEqual([])
		await until("2023-06-20T02:00:00Z")
		expect(kinds(registry)).toEqual(["1 OPEN"])
	})

	test("is not said for what was registered before the service went live", async () => {
		const { registry } = await told(daily(survey, connected("water", "2022-05-01T10:00:00+08:00"), applied(1), transferred(1, "2022-12-31T10:00:00+08:00")))
		expect(askedOf(registry)).toEqual([])
	})

	test("waits until the watermark has passed what it rests on; what is withdrawn before that is never said", async () => {
		const passed = { at: moment("2023-06-10T00:00:00Z") }
		const { registry, until } = await told(daily(...ready, transferred(1)), async () => passed.at)
		await until("2023-06-14T12:00:00Z")
		expect(askedOf(registry)).toEqual([])
		passed.at = moment("2023-06-14T00:00:00Z")
		await until("2023-06-14T12:01:00Z")
		expect(kinds(registry)).toEqual(["1 OPEN"])

		passed.at = moment("2023-06-10T00:00:00Z")
		const { registry: other, until: wait } = await told(daily(...ready, transferred(1), retracted("transferred-1")), async () => passed.at)
		passed.at = moment("2023-06-20T00:00:00Z")
		await wait("2023-06-20T00:00:00Z")
		expect(askedOf(other)).toEqual([])
	})

	test("is cancelled when the registration is retracted, and opened again with the next", async () => {
		const { registry } = await told(
			daily(
				...ready,
				transferred(1),
				retracted("transferred-1"),
				applied(2, true, FLAT, "2023-06-06T10:00:00+08:00"),
				transferred(2, "2023-06-07T10:00:00+08:00"),
			),
		)
		expect(kinds(registry)).toEqual(["1 OPEN", "2 CANCEL", "3 OPEN"])
		expect(new Set(askedOf(registry).map((each) => each.requestId)).size).toBe(2)
	})

	test("is cancelled when consent is withdrawn, and when the certificate is deregistered", async () => {
		const withdrawn = event("withdrawn", "registration.consent-withdrawn", "2023-06-05T10:00:00+08:00", { applicationNo: "SL-1" }, FLAT)
		expect(kinds((await told(daily(...ready, transferred(1), withdrawn))).registry)).toEqual(["1 OPEN", "2 CANCEL"])
		const gone = event("gone", "registration.deregistered", "2023-06-05T10:00:00+08:00", { certificateNo: "豫-1", reason: "注销" }, FLAT)
		expect(kinds((await told(daily(...ready, transferred(1), gone))).registry)).toEqual(["1 OPEN", "2 CANCEL"])
	})

	test("is amended by a correction, even to another holder, and by a new certificate of the same holder", async () => {
		const corrected = { ...transferred(2, "2023-06-02T10:00:00+08:00", { id: "corrected", corrects: "transferred-1" }) }
		const data = { applicationNo: "SL-1", certificateNo: "豫-1", holders: [buyer(2)] }
		expect(kinds((await told(daily(...ready, transferred(1), { ...corrected, data }))).registry)).toEqual(["1 OPEN", "2 AMEND"])
		const again = { ...transferred(3, "2023-06-20T10:00:00+08:00"), data: { applicationNo: "SL-3", certificateNo: "豫-3", holders: [buyer(1)] } }
		const second = applied(3, true, FLAT, "2023-06-19T10:00:00+08:00")
		const { registry, until } = await told(daily(...ready, transferred(1), second, again))
		await until("2023-07-01T00:00:00Z")
		expect(kinds(registry)).toEqual(["1 OPEN", "2 AMEND"])
	})

	test("changes hands with the flat", async () => {
		const resold = [applied(2, true, FLAT, "2023-08-01T10:00:00+08:00"), transferred(2, "2023-08-02T10:00:00+08:00")]
		const { registry, until } = await told(daily(...ready, transferred(1), ...resold))
		await until("2023-09-01T00:00:00Z")
		expect(kinds(registry)).toEqual(["1 OPEN", "2 CHANGE_HOLDER"])
		const { registry: late, until: wait } = await told(daily(survey, applied(1, false), transferred(1), ...resold, connected("water")))
		await wait("2023-09-01T00:00:00Z")
		expect(kinds(late)).toEqual(["1 CHANGE_HOLDER"])
	})

	test("is said once where one registration is reported twice, by feed and by import", async () => {
		const imported = { ...transferred(1), id: "row-17", source: "urn:jz:import" }
		expect(kinds((await told(daily(...ready, transferred(1), imported))).registry)).toEqual(["1 OPEN"])
		expect(kinds((await told(daily(...ready, imported, transferred(1)))).registry)).toEqual(["1 OPEN"])
	})

	test("goes to the other company when the building is connected to another", async () => {
		const moved = connected("water", "2023-06-20T10:00:00+08:00", "山阳水务")
		const { registry, until } = await told(daily(...ready, transferred(1), moved))
		await until("2023-07-01T00:00:00Z")
		expect(askedOf(registry).flatMap((each) => (each.service === "water" ? [`${each.revision} ${each.kind} ${each.company}`] : []))).toEqual([
			"1 OPEN 焦作water公司",
			"2 CANCEL 焦作water公司",
			"3 OPEN 山阳水务",
		])
	})

	test("follows a registration that is moved to another flat, and back", async () => {
		const placed = (subject: string, n: number) => ({
			...event(
				`moved-${n}`,
				"registrar.resolved",
				`2023-06-0${n + 2}T10:00:00+08:00`,
				{ event: { source: "urn:jz:a", id: "transferred-1" }, subjects: [subject], reason: "改挂", by: "登记员" },
				subject,
			),
			source: "urn:yima:desk",
		})
		const both = [survey, connected("water"), applied(1), applied(1, true, OTHER)].map((each, n) => (n === 3 ? { ...each, id: "applied-other" } : each))
		const { registry } = await told(daily(...both, transferred(1), placed(OTHER, 1), placed(FLAT, 2)))
		expect(kinds(registry)).toEqual(["1 OPEN", "2 CANCEL", "3 OPEN"])
		expect(kinds(registry, "water", OTHER)).toEqual(["1 OPEN", "2 CANCEL"])
	})

	test("ends with its flat, and is made anew for what became of it; back again if that was an error", async () => {
		const other = [{ ...applied(2, true, OTHER), id: "applied-2" }, transferred(2, "2023-06-03T10:00:00+08:00", {}, OTHER)]
		const merging = [...ready, ...other, transferred(1), merged(FLAT, OTHER)]
		const { registry } = await told(daily(...merging))
		for (const unit of [FLAT, OTHER]) expect(kinds(registry, "water", unit)).toEqual(["1 OPEN", "2 CANCEL"])
		expect(askedOf(registry).filter((each) => each.unit === NEW && each.service === "water")).toMatchObject([{ requestId: `${NEW}-water`, revision: 1 }])
		const { registry: parted } = await told(daily(...merging, { ...retracted("merged"), subject: BUILDING }))
		for (const unit of [FLAT, OTHER]) expect(kinds(parted, "water", unit)).toEqual(["1 OPEN", "2 CANCEL", "3 OPEN"])
		expect(kinds(parted, "water", NEW).at(-1)).toContain("CANCEL")
	})

	test("is not made for a new code of a flat whose account is opened", async () => {
		const { registry } = await told(daily(...ready, transferred(1), opened({ requestId: `${FLAT}-water` }), merged(FLAT)))
		expect(kinds(registry)).toEqual(["1 OPEN"])
		expect(kinds(registry, "water", NEW)).toEqual([])
		expect(kinds(registry, "gas")).toEqual(["1 OPEN", "2 CANCEL"])
		expect(kinds(registry, "gas", NEW)).toEqual(["1 OPEN"])
	})

	test("is not said where the company has opened the account already", async () => {
		const { registry } = await told(daily(survey, connected("water"), connected("gas"), applied(1), opened({}), transferred(1)))
		expect(askedOf(registry).map((each) => each.service)).toEqual(["gas"])
	})

	describe("for a registration that only its application's number places", () => {
		const asked = [...ready, lost(transferred(1))]
		const rival = { ...applied(1, true, OTHER), id: "rival" }

		test("stands while two flats have that number, and goes on from there", async () => {
			expect(kinds((await told(daily(...asked, rival))).registry)).toEqual(["1 OPEN"])
			expect(kinds((await told(daily(...asked, rival, retracted("rival")))).registry)).toEqual(["1 OPEN"])
			const { registry, until } = await told(daily(...asked, rival, retracted("applied-1")))
			await until("2023-07-01T00:00:00Z")
			expect(kinds(registry)).toEqual(["1 OPEN", "2 CANCEL"])
		})

		test("stands for each service by itself: one that is cancelled already is said anew for whoever comes next", async () => {
			const withdrawn = event("withdrawn", "registration.consent-withdrawn", "2023-06-05T10:00:00+08:00", { applicationNo: "SL-1" }, FLAT)
			const next = [applied(2, true, FLAT, "2023-06-06T10:00:00+08:00"), transferred(2, "2023-06-07T10:00:00+08:00")]
			const { registry, until } = await told(daily(...asked, opened({ requestId: `${FLAT}-water` }), withdrawn, rival, ...next))
			await until("2023-07-01T00:00:00Z")
			expect(kinds(registry)).toEqual(["1 OPEN"])
			expect(kinds(registry, "gas")).toEqual(["1 OPEN", "2 CANCEL", "3 OPEN"])
		})

		test("stands for the old code of a flat, and what comes next is said for its new one, though the old is looked at again in that very turn", async () => {
			const registry = new MemoryRegistry(3)
			const hearing = new Hearing(registry)
			const at = (n: number) => (moment("2023-06-20T00:00:00Z") + n * 3_600_000_000) as Moment
			for (const [n, each] of [...asked, rival, merged(FLAT), applied(3, true, FLAT, "2023-06-06T10:00:00+08:00")].entries()) {
				hearing.say(at(n), each)
				await hearing.settle(at(n))
			}
			// By another partition than the flat's, whose owner comes to it when the moment to look again has come as well.
			hearing.say(at(20), lost(transferred(3, "2023-06-07T10:00:00+08:00")))
			await hearing.read((partition) => partition === 0)
			await hearing.settle(at(20))
			expect(kinds(registry)).toEqual(["1 OPEN"])
			expect(kinds(registry, "water", NEW)).toEqual(["1 OPEN"])
		})

		test("stands too while its correction belongs nobody knows where", async () => {
			const data = { applicationNo: "SL-9", certificateNo: "豫-1", holders: [buyer(1)] }
			const corrected = { ...lost(transferred(2)), id: "corrected", corrects: "transferred-1", data }
			const { registry, until } = await told(daily(...asked, corrected))
			await until("2023-07-01T00:00:00Z")
			expect(kinds(registry)).toEqual(["1 OPEN"])
			const back = await told(daily(...asked, corrected, retracted("corrected")))
			await back.until("2023-07-01T00:00:00Z")
			expect(kinds(back.registry)).toEqual(["1 OPEN"])
		})

		test("is cancelled when that is retracted meanwhile, or corrected to another flat", async () => {
			const { registry, until } = await told(daily(...asked, rival, lost(retracted("transferred-1"))))
			await until("2023-07-01T00:00:00Z")
			expect(kinds(registry)).toEqual(["1 OPEN", "2 CANCEL"])
			const elsewhere = await told(daily(...asked, rival, transferred(1, "2023-06-02T10:00:00+08:00", { id: "corrected", corrects: "transferred-1" }, OTHER)))
			await elsewhere.until("2023-07-01T00:00:00Z")
			expect(kinds(elsewhere.registry)).toEqual(["1 OPEN", "2 CANCEL"])
			expect(kinds(elsewhere.registry, "water", OTHER)).toEqual(["1 OPEN"])
		})
	})

	test("is not cancelled once the company has opened the account: that is a finding then", async () => {
		const { registry } = await told(daily(...ready, transferred(1), opened({ requestId: `${FLAT}-water` }), retracted("transferred-1")))
		expect(kinds(registry)).toEqual(["1 OPEN"])
		expect(kinds(registry, "gas")).toEqual(["1 OPEN", "2 CANCEL"])
		expect(registry.rulings.get(FLAT as never)?.findings.map((each) => each.code)).toContain("C39")
	})
})

describe("whatever comes, in whatever order, read by partitions of which any may lag, and replayed at any moment", () => {
	/** On a parcel whose events come by another partition. */
	const FAR = "410811001002GB00019F00010001"
	const CASES = [FLAT, OTHER, NEW, FAR].flatMap((unit) => ["water", "gas"].map((service) => ({ unit, service })))
	const DESK = { source: "urn:yima:desk" }
	const moved = (n: number, ...to: readonly string[]) => ({
		...event(
			`moved-${n}`,
			"registrar.resolved",
			`2023-06-0${n}T12:00:00+08:00`,
			{ event: { source: "urn:jz:a", id: "transferred-1" }, subjects: to, reason: "改挂", by: "登记员" },
			to[0] ?? FLAT,
		),
		...DESK,
	})
	const corrected = (n: number, id: string, more: Json) => ({
		...transferred(n),
		id,
		corrects: `transferred-${n}`,
		statedat: "2023-06-03T10:00:00+08:00",
		...more,
	})
	const far = (n: number, id: string) => ({ ...applied(n, true, FAR), id })
	const ended = (n: number, id: string, time: string) => event(id, "registration.deregistered", time, { certificateNo: `豫-${n}`, reason: "注销" }, FLAT)
	const reported = (what: string, n: number, more: Json = {}, unit = FLAT) =>
		event(`${what}-${n}`, `utility.account-${what}`, `2023-06-0${n}T16:00:00+08:00`, { service: "water", company: "焦作water公司", ...more }, unit)

	/** What most flats have before anybody hands them over. */
	const BEFORE: readonly Json[] = [
		connected("water"),
		connected("gas"),
		...["water", "gas"].map((service) =>
			event(
				`connected-far-${service}`,
				"utility.connected",
				"2023-05-01T10:00:00+08:00",
				{ service, company: `焦作${service}公司`, accounts: [{ unit: FAR, accountNo: "2000" }] },
				FAR.slice(0, 24),
			),
		),
		applied(1),
		{ ...applied(1, true, OTHER), id: "applied-other" },
		far(1, "applied-far"),
		applied(2, true, FLAT, "2023-06-03T10:00:00+08:00"),
		applied(3, true, FLAT, "2023-06-30T10:00:00+08:00"),
		applied(8, true, FLAT, "2023-06-05T10:00:00+08:00"),
	]
	const POOL: readonly Json[] = [
		...BEFORE,
		connected("water", "2023-06-04T10:00:00+08:00", "山阳水务"),
		transferred(1),
		transferred(2, "2023-06-04T10:00:00+08:00"),
		{ ...transferred(1), id: "row-17", source: "urn:jz:import" },
		// A new certificate of the same holder.
		{ ...transferred(6, "2023-06-05T10:00:00+08:00"), data: { applicationNo: "SL-2", certificateNo: "豫-6", holders: [buyer(2)] } },
		// Of an hour after all of this was told, and by another partition than the flat's.
		lost(transferred(3, "2023-07-01T10:00:00+08:00")),
		// Before any service went live.
		applied(4, true, OTHER, "2022-12-01T10:00:00+08:00"),
		transferred(4, "2022-12-31T10:00:00+08:00", {}, OTHER),
		applied(7, true, FLAT, "2022-12-01T10:00:00+08:00"),
		transferred(7, "2022-12-30T10:00:00+08:00"),

		corrected(1, "corrected", { data: { applicationNo: "SL-1", certificateNo: "豫-1", holders: [buyer(3)] } }),
		corrected(1, "corrected-far", { subject: FAR, statedat: "2023-06-04T10:00:00+08:00" }),
		retracted("corrected", "no-corrected"),
		retracted("corrected-far", "no-corrected-far"),
		// Another partition's, as nothing in it says where it belongs.
		lost(retracted("transferred-1")),
		retracted("no-transferred-1", "yes-transferred-1", "2023-06-06T10:00:00+08:00"),
		lost(retracted("transferred-2")),
		moved(5, OTHER),
		moved(6, FLAT),
		moved(7, FAR),
		moved(8, FLAT, OTHER),
		moved(9),
		{ ...event("no-moved-7", "registrar.retracted", "2023-06-09T10:00:00+08:00", { event: { id: "moved-7" }, reason: "误挂" }, FAR), ...DESK },
		{ ...event("no-moved-9", "registrar.retracted", "2023-06-09T10:00:00+08:00", { event: { id: "moved-9" }, reason: "误挂" }, FLAT), ...DESK },

		event("withdrawn", "registration.consent-withdrawn", "2023-06-07T10:00:00+08:00", { applicationNo: "SL-1" }, FLAT),
		retracted("withdrawn"),
		merged(FLAT, OTHER),
		{ ...retracted("merged"), subject: BUILDING },
		// What becomes of a flat goes on in another partition.
		event("divided", "land.parcel-divided", "2023-06-05T15:00:00+08:00", { to: [FAR.slice(0, 19)], units: [{ from: OTHER, to: FAR }] }, BUILDING.slice(0, 19)),
		{ ...retracted("divided"), type: "yima.land.retracted.v1", subject: BUILDING.slice(0, 19) },
		ended(2, "gone", "2023-06-08T10:00:00+08:00"),
		// Of whatever flat the certificate is, if the number has one meaning.
		lost(ended(1, "gone-1", "2023-06-08T11:00:00+08:00")),
		event("amended", "registration.corrected", "2023-06-08T12:00:00+08:00", { certificateNo: "豫-2", holders: [buyer(6)] }, FLAT),

		// Its application alone says of which flat it is: parked until that is known, and while two flats have it. It comes by a third partition.
		lost(transferred(8, "2023-06-06T10:00:00+08:00")),
		far(8, "applied-rival"),
		retracted("applied-rival"),
		retracted("applied-8"),
		lost(retracted("transferred-8")),
		lost(corrected(8, "corrected-8", { data: { applicationNo: "SL-6", certificateNo: "豫-8", holders: [buyer(8)] } })),
		retracted("corrected-8"),
		lost(event("withdrawn-8", "registration.consent-withdrawn", "2023-06-07T10:00:00+08:00", { applicationNo: "SL-8" })),

		reported("accepted", 1),
		reported("opened", 1, { accountNo: "1000" }),
		reported("opened", 3, { requestId: `${FLAT}-water`, accountNo: "1000" }),
		reported("opened", 5, { requestId: `${FLAT}-water`, revision: 1, accountNo: "1000" }),
		reported("failed", 6, { requestId: `${FLAT}-water`, revision: 2, reasonCode: "offline" }),
		reported("closed", 7, { requestId: `${FLAT}-water` }),
		reported("opened", 8, { requestId: `${FAR}-water`, accountNo: "2000" }, FAR),
		{ ...retracted("opened-5"), type: "yima.utility.retracted.v1" },
	]

	const BY_ID = new Map(POOL.map((each) => [String(each["id"]), each]))
	const sent = (id: string): Json => BY_ID.get(id) ?? expect.fail(`${id} is not in the pool`)
	/** What schedules begin with: nothing, flats to be handed over, or one that was. */
	const READY = BEFORE.map((each) => String(each["id"]))
	const BEGUN: readonly (readonly string[])[] = [[], READY, ...["transferred-1", "transferred-2", "transferred-8"].map((each) => [...READY, each])]
	/** What happens once a partition's log has taken in an event: all is read and said, all but one partition read, nobody does, or all is replayed. */
	const PACES = ["settled", "settled", "settled", "settled, said twice", "read but by 0", "read but by 1", "read but by 2", "unread", "replayed"] as const
	const PARTITIONS = 3
	const FIRST = moment("2023-06-20T00:00:00Z")
	/** The most events of a schedule: of all of them at once little is said, for some end for good what others began. */
	const MOST = 24
	const momentOf = (n: number) => (FIRST + n * 4 * 3_600_000_000) as Moment
	const END = moment("2023-07-15T00:00:00Z")

	const buyers = new Map(
		[1, 2, 3, 4, 6, 7, 8].map((n) => [testSealer("idNumber", `P${n}`, `P${n}`, { kind: "idNumber", idKind: "passport", normal: `P${n}` }).blind, `P${n}`]),
	)
	const certificates = new Map(POOL.map((each) => [`${each["source"]}#${each["id"]}`, (each["data"] as { readonly certificateNo?: string }).certificateNo]))

	interface Revision extends LastSaid {
		readonly revision: number
	}
	const revisionsOf = ({ derived }: MemoryRegistry, { unit, service }: (typeof CASES)[number]): readonly Revision[] =>
		derived.flatMap((each) => {
			if (each.type !== "utility.account-requested" || each.subject !== unit || each.service !== service) return []
			const { holder, ...said } = JSON.parse(each.data) as Asked & { readonly holder: { readonly id: string } | null }
			return [{ ...said, transfer: each.causedBy, holder: buyers.get(holder?.id ?? "") ?? "", certificateNo: certificates.get(each.causedBy) ?? "" }]
		})

	/** Each step follows upon the one before, and none says what was said. */
	const follow = (all: readonly Revision[]) => {
		expect(all.map(({ requestId, revision }) => `${requestId} ${revision}`)).toEqual(all.map((_, n) => `${all[0]?.requestId} ${n + 1}`))
		let standing: Revision | null = null
		for (const each of all) {
			const { kind } = each
			const isFirst = standing === null || standing.company !== each.company
			if (kind === "OPEN") expect(isFirst, "opened twice").toBe(true)
			if (kind === "AMEND" || kind === "CANCEL") expect(isFirst, `${kind} of nothing`).toBe(false)
			if (standing !== null && kind !== "CANCEL")
				expect([each.company, each.holder, each.certificateNo]).not.toEqual([standing.company, standing.holder, standing.certificateNo])
			standing = kind === "CANCEL" ? null : each
		}
	}

	test("whenever all is read each company has been told last what is wanted; of one event, in just the steps that it asks for", {
		timeout: 600_000,
	}, async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...BEGUN),
				fc.shuffledSubarray([...BY_ID.keys()], { minLength: 3, maxLength: MOST }),
				fc.array(fc.constantFrom(...PACES), { minLength: MOST, maxLength: MOST }),
				async (begun, chosen, paces) => {
					const first = [survey, ...begun.map(sent)]
					const ids = chosen.filter((id) => !first.some((each) => each["id"] === id))
					const registry = new MemoryRegistry(PARTITIONS)
					const hearing = new Hearing(registry)
					const told = [...first]
					for (const each of first) hearing.say(FIRST, each)
					/** How many events were told when all was settled last, and what was said by then. */
					let settled = { told: 0, said: new Map<object, number>() }
					const settle = async (at: Moment) => {
						await hearing.settle(at)
						const desired = new Desired(told, at / 1000)
						const said = new Map<object, number>()
						for (const each of CASES) {
							const { unit, service } = each
							const all = revisionsOf(registry, each)
							follow(all)
							expect(desired.owed(unit, service, all.at(-1) ?? null), `${unit} ${service}`).toEqual([])
							const before = settled.said.get(each) ?? 0
							if (told.length === settled.told + 1)
								expect(
									all.slice(before).map(({ kind }) => kind),
									`${unit} ${service}`,
								).toEqual(desired.owed(unit, service, all[before - 1] ?? null))
							said.set(each, all.length)
						}
						settled = { told: told.length, said }
					}
					await settle(FIRST)
					for (const [n, id] of ids.entries()) {
						const pace = paces[n] ?? "settled"
						const json = sent(id)
						told.push(json)
						for (const _ of pace.endsWith("twice") ? [1, 2] : [1]) hearing.say(momentOf(n + 1), json)
						if (pace.startsWith("settled")) await settle(momentOf(n + 1))
						else if (pace === "replayed") await replay(registry, hearing.now)
						else if (pace !== "unread") await hearing.read((partition) => !pace.endsWith(String(partition)))
					}
					await settle(momentOf(ids.length + 1))
					await settle(END)
				},
			),
			{ numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
		)
	})
})
