import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)
const POM = join(import.meta.dirname, "../pom.xml")

/** Named with its version, so that no newer plugin changes what a build does. */
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"

export const kafkaVersion = (): string => /<kafka\.version>([^<]+)</.exec(readFileSync(POM, "utf8"))?.[1] ?? "unknown"

/** The folder of Kafka's jars, outside of the project; fetched by Maven the first time (54 MB). */
export const jars = async (): Promise<string> => {
	const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "yima", `kafka-${kafkaVersion()}`)
	if (existsSync(folder)) return folder
	mkdirSync(dirname(folder), { recursive: true })
	const partial = `${folder}.${randomUUID()}`
	await run("mvn", ["-B", "-q", "-f", POM, COPY, "-DincludeScope=runtime", `-DoutputDirectory=${partial}`], { timeout: 600_000 })
	try {
		renameSync(partial, folder)
	} catch (error) {
		rmSync(partial, { recursive: true, force: true })
		if (!existsSync(folder)) throw error
	}
	return folder
}

/** Why Kafka cannot be had by Maven and Java here, or undefined if it can. */
export const whyNoJava = async (): Promise<string | undefined> => {
	for (const [program, flag] of [
		["java", "-version"],
		["mvn", "-v"],
	] as const)
		try {
			await run(program, [flag], { timeout: 30_000 })
		} catch {
			return `${program} is not at hand`
		}
	return undefined
}
