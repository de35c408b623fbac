import { county } from "@yima/unit-code"

/** Who speaks under which family, as people call them. */
const DEPARTMENTS: Readonly<Record<string, string>> = {
	land: "自然资源和规划(土地)",
	project: "发展和改革",
	planning: "自然资源和规划(规划)",
	construction: "住房和城乡建设",
	survey: "测绘(权籍调查)",
	registration: "不动产登记",
	sales: "住房保障(网签备案)",
	tax: "税务",
	finance: "金融机构",
	judicial: "人民法院",
	utility: "水电气暖企业",
	registrar: "登记员",
	desk: "登记平台工作台",
}

/**
 * A readable name of who sent an event, made of its `source` alone until senders are registered with names of their own: the part of it
 * that is a family names the department (`jz/410811/sales`), the part that is a county's six digits its place. A source with no such
 * part is shown as it is.
 */
export const departmentOf = (source: string): string => {
	const parts = source.split(/[/:.]/)
	const family = parts.findLast((part) => Object.hasOwn(DEPARTMENTS, part))
	if (family === undefined) return source
	const place = parts.map((part) => (/^\d{6}$/.test(part) ? county(part) : null)).find((each) => each !== null)
	return `${place?.name ?? ""}${DEPARTMENTS[family]}`
}
