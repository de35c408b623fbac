import { expect, test } from "vitest"
import { COUNTIES } from "../src/counties.ts"
import { COUNTIES_AS_OF, checkCounty, county } from "../src/index.ts"

test("the ten counties of 焦作 are known", () => {
	const names = {
		410802: "解放区",
		410803: "中站区",
		410804: "马村区",
		410811: "山阳区",
		410821: "修武县",
		410822: "博爱县",
		410823: "武陟县",
		410825: "温县",
		410882: "沁阳市",
		410883: "孟州市",
	}
	for (const [code, name] of Object.entries(names)) expect(county(code)).toEqual({ code, name, city: "焦作市", province: "河南省", lastListed: null })
	expect(
		COUNTIES.split("\n")
			.find((line) => line.startsWith("4108"))
			?.split(" "),
	).toHaveLength(11)
})

test("any code is asked for the county that it begins with", () => {
	expect(county("410811001002GB00018")?.name).toBe("山阳区")
})

test("an abolished county is still known, with the last year that lists it", () => {
	expect(county("110103")).toMatchObject({ name: "崇文区", city: null, province: "北京市", lastListed: 2009 })
	expect(county("110228")).toMatchObject({ name: "密云县", lastListed: 2014 })
	expect(checkCounty("110103")).toBeNull()
})

test("a city without counties stands for its own, and a county under the province has no city", () => {
	expect(county("441900")).toEqual({ code: "441900", name: "东莞市", city: null, province: "广东省", lastListed: null })
	expect(county("419001")).toEqual({ code: "419001", name: "济源市", city: null, province: "河南省", lastListed: null })
})

test("provinces, cities with counties, 市辖区 and invented digits are no counties", () => {
	for (const digits of ["410000", "410800", "410801", "440101", "441903", "460100", "000000", "", "41081", "不动产单元"]) expect(county(digits)).toBeNull()
})

test("a county that is not listed is refused in words, unless the place is known locally", () => {
	expect(checkCounty("410811001002GB00018")).toBeNull()
	expect(checkCounty("410871001002GB00018")).toEqual({
		rule: "county-unlisted",
		position: 1,
		found: "410871",
		message: "第 1–6 位「410871」不在县级行政区划名单(2026-04,含 2000 年以来撤销的)内",
	})
	expect(checkCounty("410871001002GB00018", new Set(["410871"]))).toBeNull()
	expect(checkCounty("410872001002GB00018", new Set(["410871"]))).not.toBeNull()
	expect(COUNTIES_AS_OF).toBe("2026-04")
})

test("every line of the list is of its form, and the counts are those of the lists it was made from", () => {
	let current = 0
	const codes = new Set<string>()
	for (const line of COUNTIES.trim().split("\n")) {
		expect(line).toMatch(/^(\d\d\p{sc=Han}+|\d{4}\p{sc=Han}*( \d\d\p{sc=Han}+(-20[0-2]\d)?)+)$/u)
		for (const entry of line.split(" ").slice(1)) {
			const code = line.slice(0, 4) + entry.slice(0, 2)
			expect(codes.has(code)).toBe(false)
			codes.add(code)
			expect(county(code)?.code).toBe(code)
			if (!entry.includes("-")) current++
		}
	}
	expect([codes.size, current]).toEqual([3541, 2851])
})
