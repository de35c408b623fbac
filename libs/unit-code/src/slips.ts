/** Misreadings met in scans and typing (a public OCR sample reads G8 for GB). What fits depends on the position: 8 is B only where a letter must stand. */
const SLIPS: Readonly<Record<string, string>> = {
	"0": "OQ",
	"1": "LJ",
	"2": "Z",
	"5": "S",
	"6": "G",
	"8": "B",
	B: "8",
	C: "G",
	D: "0",
	E: "F",
	G: "6",
	I: "1L",
	L: "1",
	O: "0Q",
	P: "F",
	Q: "0",
	S: "5",
	V: "W",
	Z: "2",
}

/** The character of `fits` that is most easily read as `found`. */
export const lookalike = (found: string, fits: string): string | undefined =>
	[...(SLIPS[found.toUpperCase()] ?? "")].find((candidate) => fits.includes(candidate))
