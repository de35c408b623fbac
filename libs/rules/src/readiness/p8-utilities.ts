import { linesOf, type Service, type Unit } from "@yima/lifecycle"
import type { ConditionRule } from "../condition.ts"
import { all, fact, type Proof } from "../proof.ts"
import type { Scene } from "../scene.ts"

export const SERVICES: Readonly<Record<Service, string>> = { water: "水", power: "电", gas: "气", heat: "暖" }

const isConnected = (unit: Unit, service: Service, { ruleSet }: Scene): Proof => {
	const name = SERVICES[service]
	const cure = { type: "utility.connected", title: `通${name}并分户编号`, responsible: `${name}企业` } as const
	const account = unit.utilityAccounts.find((each) => each.service === service && each.connected)
	const connected = linesOf(unit.lines, "utility.connected").filter((line) => line.says.service === service)
	if (account === undefined) return fact(false, `${name}未通到本户`, [], null, cure)
	const events = account.events.filter((key) => connected.some((line) => line.key === key))
	const has = fact(true, `${name}已通,户号 ${account.accountNo ?? "未编"}`, events, connected.find((line) => events.includes(line.key))?.time ?? null)
	if (!ruleSet.required.includes("main-meter-settled")) return has
	const settled = connected.find((line) => line.says.mainMeterSettled === true)
	const meter = settled === undefined ? fact(false, `${name}总表未结清`, [], null, cure) : fact(true, `${name}总表已结清`, [settled.key], settled.time)
	return all(`${name}已具备`, [has, meter])
}

export const P8: ConditionRule = {
	id: "P8",
	title: "水电气暖已通并分户",
	scope: "UNIT",
	responsible: "水电气暖企业",
	basis: "《交房即交证实施方案》三(五);《河南省优化营商环境条例》第四十四条",
	remedy: "由供应企业通达并报送分户户号",
	reads: ["utility.connected"],
	parameters: ["services", "required"],
	example: "暖气企业没有报送这一户的户号",
	after: [],
	unit: (unit, scene) =>
		all(
			"各项均已通达",
			scene.ruleSet.services.map((service) => isConnected(unit, service, scene)),
		),
}
