import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
// A test runner started by an older Node cannot run .ts with it; the workspace brings one that can.
const node = process.features.typescript ? process.execPath : createRequire(import.meta.url).resolve("node/bin/node")

const yima = (...args: string[]) => {
	const { status, stdout, stderr } = spawnSync(node, [main, ...args], { encoding: "utf8" })
	return { status, stdout, stderr }
}

test("a flat is explained level by level", () => {
	expect(yima("code", "410811001002GB00018F00030045")).toEqual({
		status: 0,
		stderr: "",
		stdout: `不动产单元代码(28 位):410811 001002 GB00018 F00030045

组成
  410811   县级行政区划:河南省焦作市山阳区
  001      地籍区:该县第 001 号
  002      地籍子区:该地籍区第 002 号
  G        土地所有权类型:国家土地所有权
  B        宗地权利类型:建设用地使用权宗地(地表)
  00018    宗地顺序号:该地籍子区同类宗地的第 18 号
  F        定着物特征码:房屋等建筑物、构筑物
  0003     幢号:第 3 幢
  0045     户号:序号 0045,不是楼层和房号
`,
	})
})

test("parcels and buildings are codes too, and printed groups need no quotes", () => {
	expect(yima("code", "410811001002GB00018").status).toBe(0)
	expect(yima("code", "410811001002GB00018F0003").status).toBe(0)
	expect(yima("code", "410811", "001002", "gb00018", "F00030045").stdout).toContain("不动产单元代码(28 位):410811 001002 GB00018 F00030045")
})

test("a misread code is refused with the position and with what may have been meant", () => {
	expect(yima("code", "440113013008G800003F00230055")).toEqual({
		status: 1,
		stderr: "",
		stdout: `像是识读或录入有误的代码

问题
  第 14 位「8」不合规则:宗地权利类型应为 A、B、C、D、E、F、G、H、L、N、S、W、X、Y 之一

是否指(未作改动)
  440113013008GB00003F00230055  第 14 位「8」或为「B」
`,
	})
})

test("a house not yet on a parcel is a code to look at twice", () => {
	const { status, stdout } = yima("code", "340104000000GB00000F07880003")
	expect(status).toBe(0)
	expect(stdout).toContain("\n留意\n  第 7 位「0」须留意:地籍区和地籍子区全为 0")
})

test("programs get JSON", () => {
	const good = yima("code", "--json", "410811001002GB00018")
	expect(good.status).toBe(0)
	expect(JSON.parse(good.stdout)).toMatchObject({ kind: "parcel", code: "410811001002GB00018", problems: [] })
	const bad = yima("code", "410811", "--json")
	expect(bad.status).toBe(1)
	expect(JSON.parse(bad.stdout)).toMatchObject({ kind: "unknown", code: null, problems: [{ rule: "length", position: null }] })
})

test("an empty text is a question, answered with no", () => {
	expect(yima("code", "")).toMatchObject({ status: 1, stderr: "" })
})

test.each([[["--help"]], [["-h"]]])("%j lists the commands", (args) => {
	const { status, stdout } = yima(...args)
	expect(status).toBe(0)
	expect(stdout).toMatch(/^ {2}code {8}说明一个代码/m)
})

test("a command explains its use", () => {
	for (const flag of ["--help", "-h"]) expect(yima("code", flag)).toMatchObject({ status: 0, stdout: expect.stringContaining("用法:yima code") })
})

test.each([
	["no command", [], "用法:yima 命令"],
	["an unknown command", ["cdoe"], "没有命令「cdoe」"],
	["no code", ["code"], "用法:yima code"],
	["an unknown option", ["code", "--jsno", "410811"], "参数有误:"],
])("%s is wrong usage", (_, args, says) => {
	const { status, stdout, stderr } = yima(...args)
	expect([status, stdout]).toEqual([2, ""])
	expect(stderr).toContain(says)
})
