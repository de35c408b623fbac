import type { BuildingCode, Code, ParcelCode, UnitCode } from "./code.ts"
import { FIELDS } from "./fields.ts"
import { normalise } from "./normalise.ts"
import { type Problem, type ProblemRule, type Reading, shown, type WarningRule } from "./problem.ts"
import { lookalike } from "./slips.ts"

/** What single characters cannot show. Each pattern ends at the character to blame, so its length is the position. */
interface Pattern<Rule> {
	readonly rule: Rule
	readonly pattern: RegExp
	readonly says: string
}

const CONFLICTS: readonly Pattern<ProblemRule>[] = [
	{ rule: "collective-only", pattern: /^.{12}[GZ]A/u, says: "集体土地所有权宗地(A)只能与 J 连用" },
	{ rule: "parcel-serial", pattern: /^(?!\d{6}0{6}.[^GH]).{14}0(?=0{4})/u, says: "宗地顺序号从 00001 起,不能为 00000" },
	{ rule: "building-number", pattern: /^.{19}F0(?=000)/u, says: "房屋(F)的幢号从 0001 起,不能为 0000" },
	{ rule: "several-buildings", pattern: /^.{19}F9(?=999$)/u, says: "幢号 9999 表示多幢合为一个单元,不是一幢" },
	{ rule: "unit-serial", pattern: /^.{19}F99990(?=000)/u, says: "多幢合一单元(幢号 9999)的序号从 0001 起,不能为 0000" },
	{ rule: "unit-serial", pattern: /^.{19}F.{4}[a-z]0(?=00)/u, says: "扩展户号从 a001 起,字母后不能为 000" },
	{ rule: "no-fixture-number", pattern: /^.{19}W0*[1-9]/u, says: "无定着物(W)时,其后八位应全为 0" },
	{ rule: "fixture-number", pattern: /^.{19}[LQ]0(?=0{7})/u, says: "有定着物(L、Q)时,其后八位不能全为 0" },
]

// Codes of no parcel, seen in vendors' registers: read, because refusing would lose the event, and parked by whoever links (semantics: NOT_ON_A_PARCEL).
const CAUTIONS: readonly Pattern<WarningRule>[] = [
	{ rule: "not-on-a-parcel", pattern: /^\d{6}0(?=0{5}.[^GH])/u, says: "地籍区和地籍子区全为 0,是尚未落宗的虚拟代码,不能据此关联宗地" },
	{ rule: "virtual-unit", pattern: /^.{19}F9(?=9{7}$)/u, says: "F99999999 是虚拟量化单元,不是实有的幢或户" },
	{ rule: "overflow-serial", pattern: /^.{19}F.{4}[a-z]/u, says: "户号超出 9999 后的字母写法不在国家标准内" },
]

const match = <Rule>(patterns: readonly Pattern<Rule>[], text: string, verdict: "不合规则" | "须留意") =>
	patterns.flatMap(({ rule, pattern, says }) => {
		const upTo = [...(pattern.exec(text)?.[0] ?? "")]
		const found = upTo.at(-1)
		return found === undefined ? [] : [{ rule, position: upTo.length, found, message: `第 ${upTo.length} 位${shown(found)}${verdict}:${says}` }]
	})

const misfits = (text: string, length: number): Problem[] => {
	const characters = [...text]
	return FIELDS.flatMap(({ title, from, to, rule, letters }) =>
		characters.slice(from - 1, Math.min(to, length)).flatMap((found, index): Problem[] => {
			const position = from + index
			const fits = position === 20 && length === 24 ? "F" : letters
			if (fits.includes(found) || (position === 25 && characters[19] === "F" && /[a-z]/.test(found))) return []
			const expected = rule === "digit" ? "数字 0–9" : fits.length === 1 ? ` ${fits}` : ` ${[...fits].join("、")} 之一`
			const suggestion = lookalike(found, fits)
			const message = `第 ${position} 位${shown(found)}不合规则:${title}应为${expected}`
			return [{ rule, position, found, message, ...(suggestion === undefined ? {} : { suggestion }) }]
		}),
	)
}

const wrongLength = (text: string, length: number): Problem => ({
	rule: "length",
	position: null,
	found: text.slice(0, 40).toWellFormed(),
	message: text === "" ? `没有内容,应为 ${length} 位` : `${shown(text)}共 ${text.length} 位,应为 ${length} 位`,
})

const read = <C extends Code>(input: string, length: number): Reading<C> => {
	const normal = normalise(input)
	const text = normal.slice(0, 64).toWellFormed()
	const misfit = misfits(text, length)
	// Behind a lost or extra character everything is shifted: only the first misfit says something.
	const problems = normal.length === length ? misfit : [wrongLength(normal, length), ...misfit.slice(0, 1)]
	problems.push(...match(CONFLICTS, text, "不合规则"))
	return problems.length > 0 ? { ok: false, problems } : { ok: true, code: normal as C, warnings: match(CAUTIONS, text, "须留意") }
}

/** Reads 28 characters; any spelling that `normalise` knows. Never throws; says everything that is wrong at once. */
export const parseUnitCode = (text: string): Reading<UnitCode> => read(text, 28)

/** Reads the 19 characters of a parcel. */
export const parseParcelCode = (text: string): Reading<ParcelCode> => read(text, 19)

/** Reads the 24 characters of a building. */
export const parseBuildingCode = (text: string): Reading<BuildingCode> => read(text, 24)

/** Reads whichever of the three the length says; any other length is a unit code gone wrong. */
export const parseCode = (text: string): Reading<Code> => {
	const { length } = normalise(text)
	return length === 19 ? parseParcelCode(text) : length === 24 ? parseBuildingCode(text) : parseUnitCode(text)
}
