import type { PersonalKind } from "@yima/schemas"
import { expect, test } from "vitest"
import { mask } from "../src/index.ts"

test.each<[PersonalKind, string, string]>([
	["name", "张三", "张*"],
	["name", "欧阳娜娜", "欧**"],
	["name", "乙三·买买提", "乙**"],
	["name", "𠮷野", "𠮷*"],
	["name", "李", "*"],
	["name", "", ""],
	["idNumber", "410811190001011234", "4108**********1234"],
	["idNumber", "410811000101001", "4108*******1001"],
	["idNumber", "E12345678", "E******78"],
	["idNumber", "E123", "****"],
	["phone", "13812341234", "138****1234"],
	["phone", "0391-000", "******00"],
	["phone", "110", "***"],
])("%s %s is shown as %s", (kind, plain, shown) => {
	expect(mask(kind, plain)).toBe(shown)
})
