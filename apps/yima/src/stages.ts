/** 阶段, as people call it. */
export const STAGES: Readonly<Record<string, string>> = {
	GRANTED: "已供地",
	PLANNED: "已规划许可",
	UNDER_CONSTRUCTION: "在建",
	PRESALE: "预售中",
	ACCEPTED: "已联合验收",
	FIRST_REGISTERED: "已首次登记",
	SOLD: "已售",
	READY: "可交房即交证",
	CERTIFIED: "已转移登记",
	SERVED: "水电气暖已开户",
}
