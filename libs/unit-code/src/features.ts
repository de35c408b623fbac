// Letters of the 2019 national standard as compiled in code tables and vendor validators (GB/T 37346-2019; the text itself was not at hand).

/** Position 13: who owns the land. */
export const OWNERSHIP: Readonly<Record<string, string>> = {
	G: "国家土地所有权",
	J: "集体土地所有权",
	Z: "土地所有权未确定或有争议",
}

/** Position 14: by what right the parcel is used. L and N came with the 2019 edition; older validators lack them. */
export const RIGHT: Readonly<Record<string, string>> = {
	A: "集体土地所有权宗地",
	B: "建设用地使用权宗地(地表)",
	C: "宅基地使用权宗地",
	D: "土地承包经营权宗地(耕地)",
	E: "土地承包经营权宗地(林地)",
	F: "土地承包经营权宗地(草地)",
	G: "无居民海岛使用权",
	H: "海域使用权宗海",
	L: "林地使用权宗地(承包经营以外)",
	N: "农用地使用权宗地(承包经营以外、非林地)",
	S: "建设用地使用权宗地(地上)",
	W: "使用权未确定或有争议",
	X: "建设用地使用权宗地(地下)",
	Y: "其他使用权宗地",
}

/** Position 20: what is fixed to the land. */
export const FIXTURE: Readonly<Record<string, string>> = {
	F: "房屋等建筑物、构筑物",
	L: "森林、林木",
	Q: "其他定着物",
	W: "无定着物",
}
