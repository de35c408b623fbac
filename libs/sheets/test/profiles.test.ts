import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { exampleFailures, ProfileWrong, readProfile } from "../src/index.ts"

const FOLDER = join(import.meta.dirname, "../../../seeds/profiles")
const names = readdirSync(FOLDER).map((file) => file.replace(/\.yaml$/, ""))
const profileOf = (name: string) => readProfile(name, readFileSync(join(FOLDER, `${name}.yaml`), "utf8"))

test("there is one for each sheet that departments have", () => {
	expect(names.map((name) => profileOf(name).title).sort()).toEqual(
		[
			"土地供应结果",
			"建设工程规划许可",
			"施工许可",
			"预售许可",
			"网签备案",
			"契税完税",
			"维修资金",
			"首次登记",
			"转移登记",
			"抵押",
			"查封",
			"楼盘表(预测)",
			"楼盘表(实测)",
			"水电气暖户号",
		].sort(),
	)
})

describe.each(names)("%s", (name) => {
	test("does with its own examples what it says", async () => {
		expect(await exampleFailures(profileOf(name))).toEqual([])
	})

	test("has an example of every way in which it can fail", () => {
		const { columns, key, examples } = profileOf(name)
		const failing = new Set(examples.flatMap(({ fails }) => (fails === undefined ? [] : [fails.code])))
		const kinds = new Set(Object.values(columns).map((column) => column.as))
		const wanted = [
			"required",
			...(kinds.has("date") || kinds.has("moment") ? ["date"] : []),
			...(["money", "area", "integer"] as const).filter((kind) => kinds.has(kind)),
			...(kinds.has("choice") || kinds.has("yes-no") ? ["choice"] : []),
			...([...kinds].some((kind) => kind.endsWith("code")) ? ["code"] : []),
		]
		expect(key.length).toBeGreaterThan(0)
		expect(wanted.filter((code) => !failing.has(code))).toEqual([])
	})
})

describe("a profile that cannot be used says everything that is wrong with it", () => {
	const yaml = readFileSync(join(FOLDER, "seizure.yaml"), "utf8")
	test.each([
		["a column that there is not", yaml.replace("time: 登记时间", "time: 时间"), "没有列「时间」"],
		["a key that may be empty", yaml.replace("cfwh, CFWH], as: text, required: true", "cfwh, CFWH], as: text"), "应为 required"],
		["a heading of two columns", yaml.replace("headings: [案号]", "headings: [案号, 查封机关]"), "已属于列"],
		["an unknown type", yaml.replace("judicial.seized", "judicial.frozen"), "type"],
		["a field that there is not", `${yaml}\nwhatever: 1\n`, "whatever"],
		["no YAML", "a: [", "映射方案"],
	])("%s", (_, text, says) => {
		expect(() => readProfile("x", text)).toThrow(ProfileWrong)
		expect(() => readProfile("x", text)).toThrow(says)
	})
})
