import type { Day } from "./day.ts"
import type { Dice } from "./dice.ts"
import { company, type Party } from "./people.ts"

export interface Flat {
	readonly code: string
	/** The housing bureau's own; null: it gave none. */
	readonly houseCode: string | null
	readonly floor: number
	readonly room: string
	readonly address: string
	readonly predictedM2: number
	readonly measuredM2: number
}

export interface Building {
	readonly code: string
	readonly label: string
	readonly flats: readonly Flat[]
}

/** One phase of a development: a project with its own code. */
export interface Phase {
	readonly projectCode: string
	readonly name: string
	readonly buildings: readonly Building[]
	readonly worksPermitNo: string
	/** The day from which its own days are counted. */
	readonly begins: Day
}

/** What is to be built on one parcel: one phase, or two that share it. */
export interface Plan {
	readonly number: number
	readonly parcel: string
	readonly areaM2: number
	readonly developer: Party
	readonly bank: Party
	readonly granted: Day
	readonly certificateNo: string
	readonly phases: readonly Phase[]
}

const COUNTIES = [
	["410811", "山阳区"],
	["410802", "解放区"],
	["410803", "中站区"],
	["410804", "马村区"],
] as const
const ROADS = ["人民路", "建设路", "解放路", "丰收路", "民主路", "塔南路", "焦东路", "山阳路", "碧莲路", "世纪大道", "长恩路", "迎宾路"]
const ESTATES = ["云溪", "锦绣", "翰林", "东方", "御景", "龙源", "怡和", "太行", "清风", "九里", "月季", "竹林"]
const KINDS = ["花园", "家园", "华府", "名邸", "新城", "苑", "里", "公馆"]
const BUILDERS = ["远和", "山水", "正大源", "融信达", "鸿运来", "安居乐", "万邦", "中原恒"]
const BANKS = ["某某银行股份有限公司焦作分行", "某某农村商业银行股份有限公司", "某某城市商业银行焦作支行", "焦作市住房公积金中心"]

const pad = (n: number, width: number): string => String(n).padStart(width, "0")

/** Flats of a floor, by the size of the entrance: areas of their types in hundredths of a square metre. */
const TYPES = [8_936, 11_852, 12_844, 14_315]

const FLOORS = 17
const FLATS_OF_A_FLOOR = 4
const FLATS_OF_A_BUILDING = FLOORS * FLATS_OF_A_FLOOR
/** Buildings of a parcel, and all their flats. */
const BUILDINGS = 12
export const FLATS_OF_A_PARCEL = BUILDINGS * FLATS_OF_A_BUILDING

const buildingOf = (parcel: string, number: number, flats: number, where: string, dice: Dice): Building => {
	const code = `${parcel}F${pad(number, 4)}`
	return {
		code,
		label: `${number}号楼`,
		flats: Array.from({ length: flats }, (_, n): Flat => {
			const floor = 1 + Math.floor(n / FLATS_OF_A_FLOOR)
			const [entrance, door] = [1 + Math.floor((n % FLATS_OF_A_FLOOR) / 2), 1 + (n % 2)]
			const room = `${floor}${pad(door, 2)}`
			const predicted = TYPES[n % TYPES.length] ?? 0
			return {
				code: `${code}${pad(n + 1, 4)}`,
				houseCode: `FW${code.slice(0, 6)}${parcel.slice(6, 12)}${code.slice(15, 19)}${code.slice(21)}${pad(n + 1, 4)}`,
				floor,
				room,
				address: `${where}${number}号楼${entrance}单元${room}室`,
				predictedM2: predicted,
				// Within three hundredths of what was sold, mostly.
				measuredM2: Math.round(predicted * (1 + (dice.chance(12) ? dice.between(310, 450) : dice.between(-90, 160)) / 10_000)),
			}
		}),
	}
}

/** Twelve digits that no other flat of the city has: its development, building and unit. */
export const numberOf = ({ number }: Pick<Plan, "number">, { code }: Pick<Flat, "code">): string => `${pad(number, 5)}${code.slice(21)}`

/** The development with this number: at most `units` flats on it, so many days after the first. `isShared`: two phases on the parcel. */
export const planOf = (number: number, units: number, granted: Day, isShared: boolean, dice: Dice): Plan => {
	const [county, district] = COUNTIES[number % COUNTIES.length] ?? COUNTIES[0]
	const parcel = `${county}${pad(10 + (number % 40), 3)}${pad(1 + (Math.floor(number / 40) % 90), 3)}GB${pad(1 + Math.floor(number / 3600), 5)}`
	const road = dice.pick(ROADS)
	const name = dice.pick(ESTATES) + dice.pick(KINDS)
	const where = `焦作市${district}${road}${dice.between(2, 988)}号${name}`
	const count = Math.min(BUILDINGS, Math.ceil(units / FLATS_OF_A_BUILDING))
	const buildings = Array.from({ length: count }, (_, at) =>
		buildingOf(parcel, at + 1, Math.min(FLATS_OF_A_BUILDING, units - at * FLATS_OF_A_BUILDING), where, dice),
	)
	const cut = isShared && count > 1 ? Math.ceil(count / 2) : count
	const year = 2000 + Math.floor(granted / 365.25)
	const phase = (some: readonly Building[], at: number): Phase => ({
		projectCode: `${String(year).slice(2)}${pad(1 + (number % 12), 2)}-${county}-04-01-${pad(number * 2 + at, 6)}`,
		name: cut === count ? name : `${name}${["一期", "二期"][at]}`,
		buildings: some,
		worksPermitNo: `建字第${county}${year + 1}GG${pad(number * 2 + at, 7)}号`,
		begins: granted + at * 1050,
	})
	return {
		number,
		parcel,
		areaM2: 1_800_000 + dice.between(0, 3_000_000),
		developer: company(`焦作市${dice.pick(BUILDERS)}置业有限公司`, 1000 + number),
		bank: company(dice.pick(BANKS), 10 + (number % 7)),
		granted,
		certificateNo: `豫(${year})焦作市不动产权第${pad(1_000_000 + number, 7)}号`,
		phases: cut === count ? [phase(buildings, 0)] : [phase(buildings.slice(0, cut), 0), phase(buildings.slice(cut), 1)],
	}
}
