import { at } from "@yima/lifecycle"
import type { MemoryRegistry } from "@yima/registry"
import { sceneOf, wantedAccounts } from "@yima/rules"
import type { Known, Scope } from "@yima/schemas"
import { batch, entryOf, type Json } from "@yima/test-kit"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { event, moment, type Said, told } from "../src/telling.ts"

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

describe("whatever comes, in whatever order, however far the watermark lags", () => {
	const moved = (to: string, n: number) => ({
		...event(
			`moved-${n}`,
			"registrar.resolved",
			`2023-06-0${n}T12:00:00+08:00`,
			{ event: { source: "urn:jz:a", id: "transferred-1" }, subjects: [to], reason: "改挂", by: "登记员" },
			to,
		),
		source: "urn:yima:desk",
	})
	const POOL: readonly Json[] = [
		connected("water"),
		connected("water", "2023-06-04T10:00:00+08:00", "山阳水务"),
		connected("gas"),
		applied(1),
		{ ...applied(1, true, OTHER), id: "applied-other" },
		applied(2, true, FLAT, "2023-06-03T10:00:00+08:00"),
		transferred(1),
		transferred(2, "2023-06-04T10:00:00+08:00"),
		{ ...transferred(1), id: "row-17", source: "urn:jz:import" },
		{ ...transferred(1), id: "corrected", corrects: "transferred-1", data: { applicationNo: "SL-1", certificateNo: "豫-1", holders: [buyer(3)] } },
		retracted("corrected", "no-corrected"),
		retracted("transferred-1"),
		retracted("no-transferred-1", "yes-transferred-1", "2023-06-06T10:00:00+08:00"),
		moved(OTHER, 5),
		moved(FLAT, 6),
		event("withdrawn", "registration.consent-withdrawn", "2023-06-07T10:00:00+08:00", { applicationNo: "SL-1" }, FLAT),
		retracted("withdrawn"),
		merged(FLAT, OTHER),
		{ ...retracted("merged"), subject: BUILDING },
		event("gone", "registration.deregistered", "2023-06-08T10:00:00+08:00", { certificateNo: "豫-2", reason: "注销" }, FLAT),
	]
	const END = "2023-07-15T00:00:00Z"

	test("in the end each company has been told last what is wanted, no step of it twice", { timeout: 120_000 }, async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray([...POOL], { minLength: 3 }),
				fc.array(fc.nat(6), { minLength: POOL.length + 1, maxLength: POOL.length + 1 }),
				async (events, lags) => {
					const learned = daily(survey, ...events)
					// How many days the watermark lags, each day; by the end it has come.
					let passed = 0
					const { registry, until } = await told(learned, async (now) => {
						const day = learned.findLastIndex(([at]) => moment(at) <= now)
						passed = Math.max(passed, now > moment("2023-07-10T00:00:00Z") ? now : now - (lags[day] ?? 0) * 86_400_000_000)
						return passed
					})
					await until(END)
					const world = batch(learned.map(([at, json], n) => entryOf(json, moment(at), 0, n)))
					const said = Map.groupBy(askedOf(registry), ({ unit, service }) => `${unit} ${service}`)
					for (const unit of [FLAT, OTHER, NEW]) {
						const view = at(unit as Scope, world.states, moment(END), Number.MAX_SAFE_INTEGER as Known)
						const wanted =
							view?.is === "unit" && view.status !== "RETIRED"
								? wantedAccounts(view, sceneOf(view, moment(END))).filter((each) => each.consentWithdrawnAt === null)
								: []
						for (const service of ["water", "gas"]) {
							const all = said.get(`${unit} ${service}`) ?? []
							const want = wanted.find((each) => each.service === service)
							const last = all.at(-1) as (Asked & { readonly holder: { readonly id: string } | null }) | undefined
							const standing = last === undefined || last.kind === "CANCEL" ? null : { company: last.company, holder: last.holder?.id }
							expect(standing, `${unit} ${service}`).toEqual(want === undefined ? null : { company: want.company, holder: want.holder.id })
							expect(all.map((each) => each.revision)).toEqual(all.map((_, n) => n + 1))
							let isOpen = false
							for (const { kind } of all) {
								// Opened or taken over only where nothing stands or hands change; amended or cancelled only where something stands.
								if (kind === "OPEN") expect(isOpen, "opened twice").toBe(false)
								if (kind === "AMEND" || kind === "CANCEL") expect(isOpen, `${kind} of nothing`).toBe(true)
								isOpen = kind !== "CANCEL"
							}
						}
					}
				},
			),
			{ numRuns: 150 },
		)
	})
})
