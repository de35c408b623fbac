import type { Json } from "@yima/test-kit"

/** Projects of the town; an endpoint listens to one service of one. */
export const PROJECTS = 10
export const SERVICES = ["water", "power", "gas", "heat"] as const

const PER_BUILDING = 100

export const projectCode = (n: number): string => `2301-410811-04-01-${String(n + 1).padStart(6, "0")}`

const parcelOf = (building: number): string => `410811001001GB${String(building + 1).padStart(5, "0")}`
const party = (n: string) => ({ name: `买受人${n}`, idKind: "passport", idNumber: `P${n}` })

const event = (id: string, type: string, subject: string, time: string, data: object): Json => ({
	specversion: "1.0",
	id,
	source: `urn:jz:${type.slice(0, type.indexOf("."))}`,
	type: `yima.${type}.v1`,
	subject,
	time,
	data,
})

/** A town in which each flat is registered to its buyer, and later every fifth again to the next: six requests of companies for five flats of each service. */
export const townOf = (
	units: number,
	firstOn = "2023-06-01",
): { readonly ground: readonly Json[]; readonly first: readonly Json[]; readonly later: readonly Json[] } => {
	const buildings = Math.ceil(units / PER_BUILDING)
	const of = (project: number) => Array.from({ length: buildings }, (_, n) => n).filter((n) => n % PROJECTS === project)
	const [first, later]: [Json[], Json[]] = [[], []]
	const ground: Json[] = Array.from({ length: PROJECTS }, (_, n) =>
		event(`project-${n}`, "project.approved", `project:${projectCode(n)}`, "2022-01-01T10:00:00+08:00", {
			projectCode: projectCode(n),
			name: `项目${n}`,
			developer: { name: "焦作甲置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" },
			parcels: of(n).map(parcelOf),
		}),
	)
	for (let building = 0; building < buildings; building++) {
		const code = `${parcelOf(building)}F0001`
		const flats = Array.from({ length: Math.min(PER_BUILDING, units - building * PER_BUILDING) }, (_, n) => `${code}${String(n + 1).padStart(4, "0")}`)
		ground.push(
			event(`survey-${building}`, "survey.predicted", code, "2022-02-01T10:00:00+08:00", {
				surveyNo: `YC-${building}`,
				units: flats.map((flat) => ({ code: flat, areaM2: "100.00", address: `建设路${building}号${flat.slice(-4)}室` })),
			}),
			...SERVICES.map((service) =>
				event(`connected-${service}-${building}`, "utility.connected", code, "2023-05-01T10:00:00+08:00", {
					service,
					company: `焦作${service}公司`,
					accounts: flats.map((unit) => ({ unit, accountNo: `${service}-${unit.slice(12)}` })),
				}),
			),
		)
		for (const [n, flat] of flats.entries()) {
			const act = (round: number, on: string) => {
				const no = `${building}-${n}-${round}`
				return [
					event(`applied-${no}`, "registration.transfer-applied", flat, `${on}T09:00:00+08:00`, {
						applicationNo: `SL-${no}`,
						holders: [party(no)],
						consents: { utilities: { given: true, consentId: `TY-${no}` } },
					}),
					event(`transferred-${no}`, "registration.transferred", flat, `${on}T10:00:00+08:00`, {
						applicationNo: `SL-${no}`,
						certificateNo: `豫-${no}`,
						holders: [party(no)],
					}),
				]
			}
			first.push(...act(1, firstOn))
			if (n % 5 === 0) later.push(...act(2, "2024-06-01"))
		}
	}
	return { ground, first, later }
}
