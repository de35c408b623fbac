import type { FindingRule } from "../finding.ts"
import { c01 } from "./c01-named-by-no-one.ts"
import { c03 } from "./c03-retired-code.ts"
import { c04 } from "./c04-not-one-to-one.ts"
import { c05 } from "./c05-sold-twice.ts"
import { c06 } from "./c06-sold-without-permit.ts"
import { c07 } from "./c07-permit-numbers.ts"
import { c08 } from "./c08-permits-out-of-order.ts"
import { c09 } from "./c09-sold-while-seized.ts"
import { c10 } from "./c10-seizure-lapsed.ts"
import { c12 } from "./c12-seizure-and-transfer.ts"
import { c13 } from "./c13-mortgage-after-sale.ts"
import { c14 } from "./c14-mortgaged-unit-sold.ts"
import { c16 } from "./c16-notice-lapsed.ts"
import { c17 } from "./c17-area-difference.ts"
import { c18 } from "./c18-areas-of-a-building.ts"
import { c19 } from "./c19-inside-and-shared.ts"
import { c20 } from "./c20-not-verified.ts"
import { c21 } from "./c21-registered-too-early.ts"
import { c22 } from "./c22-over-plot-ratio.ts"
import { c23 } from "./c23-tax-base.ts"
import { c24 } from "./c24-tax-by-another.ts"
import { c25 } from "./c25-transferred-untaxed.ts"
import { c26 } from "./c26-tax-and-contract.ts"
import { c27 } from "./c27-invoices.ts"
import { c28 } from "./c28-names-differ.ts"
import { c29 } from "./c29-id-number-invalid.ts"
import { c30 } from "./c30-loan-and-buyer.ts"
import { c31 } from "./c31-expired-permit.ts"
import { c32 } from "./c32-land-term.ts"
import { c33 } from "./c33-parking-bay.ts"
import { c34 } from "./c34-units-counted.ts"
import { c35 } from "./c35-another-parcel.ts"
import { c36 } from "./c36-broken-chain.ts"
import { c37 } from "./c37-certificate-number.ts"
import { c38 } from "./c38-no-maintenance-fund.ts"
import { c39 } from "./c39-account-of-another.ts"
import { c41 } from "./c41-filed-late.ts"
import { c42 } from "./c42-handed-over-too-early.ts"
import { c43 } from "./c43-not-registered.ts"
import { c44 } from "./c44-supervised-money.ts"
import { c45 } from "./c45-seizure-number.ts"
import { l01 } from "./l01-led-astray.ts"
import { l02 } from "./l02-two-corrections.ts"
import { l03 } from "./l03-disputed.ts"
import { l04 } from "./l04-cycle.ts"

/** Every rule of consistency that events decide, in order. */
export const FINDING_RULES: readonly FindingRule[] = [
	c01,
	c03,
	c04,
	c05,
	c06,
	c07,
	c08,
	c09,
	c10,
	c12,
	c13,
	c14,
	c16,
	c17,
	c18,
	c19,
	c20,
	c21,
	c22,
	c23,
	c24,
	c25,
	c26,
	c27,
	c28,
	c29,
	c30,
	c31,
	c32,
	c33,
	c34,
	c35,
	c36,
	c37,
	c38,
	c39,
	c41,
	c42,
	c43,
	c44,
	c45,
	l01,
	l02,
	l03,
	l04,
]

/** Rules that are named but not decided, and why (`semantics.md` §8). */
export const UNDECIDED: readonly { readonly code: string; readonly why: string }[] = [
	{ code: "C02", why: "自然幢号、宗地特征码不单独报送,只在代码之内,无从与代码相比" },
	{ code: "C11", why: "首封解除时由轮候自动生效,已在查封的推演中完成,不会漏" },
	{ code: "C15", why: "房地一并抵押由法律视为一并抵押(民法典第397条),登记范围不同不构成矛盾" },
	{ code: "C29 监护人", why: "事件不含出生日期与监护关系,未成年人有无监护人无从判断;证件号有效与否照判" },
	{ code: "C40", why: "公示专栏与台账由本系统的结论生成,不另报送,无从与之相比" },
]
