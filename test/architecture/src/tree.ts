import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

export const ROOT = join(import.meta.dirname, "../../..")

const SKIPPED = new Set(["node_modules", ".git", ".turbo", ".stryker-tmp", "reports", "dist", "generated", ".yima"])

const walk = (folder: string): readonly string[] =>
	readdirSync(join(ROOT, folder)).flatMap((name) => {
		const path = folder === "" ? name : `${folder}/${name}`
		if (SKIPPED.has(name)) return []
		return statSync(join(ROOT, path)).isDirectory() ? walk(path) : [path]
	})

/** Every file of the project, as a path from its root. */
export const files: readonly string[] = walk("")

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8")

/** The workspaces' folders. */
export const packages: readonly string[] = files.flatMap((path) => (path.endsWith("/package.json") ? [path.slice(0, -"/package.json".length)] : [])).sort()

/** The module names that a file imports. */
export const importsOf = (path: string): readonly string[] =>
	[...read(path).matchAll(/^(?:import|export)\b[^;'"]*?\bfrom\s+["']([^"']+)["']|^import\s+["']([^"']+)["']/gm)].map((found) => found[1] ?? found[2] ?? "")

/** Files under version control, where there is a repository. */
export const tracked = (): readonly string[] =>
	existsSync(join(ROOT, ".git"))
		? execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
				.split("\0")
				.filter((path) => path !== "" && existsSync(join(ROOT, path)))
		: files
