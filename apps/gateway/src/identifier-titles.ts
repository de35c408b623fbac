import type { Kind } from "@yima/schemas"

/** What people call each kind of 业务标识. */
export const IDENTIFIER_TITLES: Readonly<Record<Kind, string>> = {
	"supervision-no": "电子监管号",
	"grant-contract-no": "出让合同",
	"project-code": "投资项目统一代码",
	"land-permit-no": "建设用地规划许可证",
	"works-permit-no": "建设工程规划许可证",
	"construction-permit-no": "施工许可证",
	"presale-permit-no": "预售许可证或现房销售备案",
	"acceptance-no": "联合验收或竣工备案",
	"survey-no": "测绘成果",
	"house-code": "房屋编码",
	"building-label": "楼栋名",
	"contract-no": "网签备案合同",
	"invoice-no": "发票",
	"tax-receipt-no": "完税证明或维修资金凭证",
	"certificate-no": "不动产权证",
	"proof-no": "不动产登记证明",
	"seizure-no": "查封文号",
	"verification-no": "规划核实",
	"account-no": "户号",
	"application-no": "受理号",
	address: "坐落",
}
