import { existsSync } from "node:fs"
import { join } from "node:path"
import { Ajv } from "ajv"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { fencesIn } from "../src/page.ts"
import { ROOT, read } from "../src/project.ts"

interface Service {
	readonly image: string
	readonly user?: string
	readonly command?: readonly string[]
	readonly build?: { readonly context: string; readonly dockerfile: string }
	readonly environment?: Readonly<Record<string, string>>
	readonly ports?: readonly string[]
	readonly volumes?: readonly string[]
	readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
	readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
	readonly privileged?: boolean
}

const text = read("infra/compose.yaml")
const compose = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, unknown>> }
const services = Object.entries(compose.services)
const ours = services.filter(([name]) => name.startsWith("yima"))
const dockerfile = read("infra/Dockerfile")

/** Which roles there are, and which variables the program reads. */
const configuration = read("apps/yima/src/configuration.ts")
const variables = new Set([...configuration.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, name]) => name))
const roles = [...(/ROLES = \[(.*?)\]/.exec(configuration)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, role = ""]) => role)

test("it is a Compose file by the specification's schema", () => {
	const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
		withoutMetaSchema(JSON.parse(read("test/operate/vendor/compose-spec.json"))),
	)
	expect(check(parse(text, { merge: true })), JSON.stringify(check.errors, null, 1)).toBe(true)
	expect(check({ services: { x: { image: "y", ports: 3 } } })).toBe(false)
})

/** The schema names its meta-schema by another protocol than the library knows it by. */
const withoutMetaSchema = (schema: object): object => ({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" })

describe.each(services.map(([name, service]) => ({ name, service })))("$name", ({ service }) => {
	test("does not run as root", () => {
		expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
		expect(service.privileged ?? false).toBe(false)
	})

	test("is a fixed version, says whether it is well, and is reached from this machine alone", () => {
		expect(service.image).toMatch(/:(?!latest).+/)
		expect(service.healthcheck?.disable === true || (service.healthcheck?.test?.length ?? 0) > 1).toBe(true)
		for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
	})

	test("what it mounts is there, and what it waits for exists", () => {
		for (const volume of service.volumes ?? []) {
			const [from = ""] = volume.split(":")
			if (from.startsWith("./")) expect(existsSync(join(ROOT, "infra", from)), from).toBe(true)
			else expect(Object.keys(compose.volumes)).toContain(from)
		}
		for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(other)
	})
})

describe("the processes of yima", () => {
	test("are given only variables that the program reads", () => {
		for (const [, { environment = {} }] of ours) for (const name of Object.keys(environment)) expect(variables).toContain(name)
	})

	test("run every role, each by a command that there is", () => {
		const main = read("apps/yima/src/main.ts")
		const served = ours.flatMap(([, { command = [] }]) => (command[0] === "serve" ? [command[2]] : []))
		expect(served.sort()).toEqual([...roles].sort())
		for (const [, { command = [] }] of ours) expect(main).toContain(`\t${command[0]}: {`)
	})

	test("may not change the schema, but the one that does nothing else", () => {
		const owners = ours.filter(([, { environment = {} }]) => "DATABASE_OWNER_URL" in environment).map(([name]) => name)
		expect(owners).toEqual(["yima-migrate"])
	})

	test("listen where others look for them", () => {
		const scraped = parse(read("infra/observability/prometheus.yml")) as {
			readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[]
		}
		const targets = scraped.scrape_configs.flatMap((each) => each.static_configs.flatMap((some) => some.targets))
		const listening = ours.flatMap(([name, { command = [], environment = {} }]) => (command[0] === "serve" ? [`${name}:${environment["PORT"]}`] : []))
		expect([...targets].sort()).toEqual(listening.sort())
	})

	test("get the secrets that they need and no others, from the file that the page tells to make", () => {
		expect(text).not.toContain("env_file")
		const example = read("infra/yima.env.example")
		for (const [, name = ""] of text.matchAll(/\$\{(\w+)/g)) expect(example).toMatch(new RegExp(`^${name}=$`, "m"))
	})
})

describe("the image", () => {
	test("runs as node, and what it runs it cannot change", () => {
		const last = dockerfile.slice(dockerfile.lastIndexOf("FROM "))
		expect(last).toMatch(/^USER node$/m)
		expect(last).not.toMatch(/--chown=node|^RUN/m)
		expect(last).toContain('ENTRYPOINT ["node", "/yima/apps/yima/src/main.ts"]')
	})

	test("brings the folders of all packages that the command needs", () => {
		const copied = [...dockerfile.matchAll(/^COPY --from=build \/yima\/(\S+)/gm)].map(([, path = ""]) => path)
		const lock = JSON.parse(read("package-lock.json")) as {
			readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly dependencies?: object }>>
		}
		const needed = new Set<string>()
		const visit = (folder: string): void => {
			if (needed.has(folder)) return
			needed.add(folder)
			for (const name of Object.keys(lock.packages[folder]?.dependencies ?? {})) {
				const { resolved } = lock.packages[`node_modules/${name}`] ?? {}
				if (name.startsWith("@yima/") && resolved !== undefined) visit(resolved)
			}
		}
		visit("apps/yima")
		expect(needed.size).toBeGreaterThan(8)
		expect([...needed].filter((folder) => !copied.some((each) => folder === each || folder.startsWith(`${each}/`)))).toEqual([])
	})
})

test("the database's logins are made as docs/operate.md says", () => {
	const statements = (sql: string) =>
		sql
			.split("\n")
			.filter((line) => /^(?:create|grant) /.test(line))
			.map((line) => line.replace(/password .*;/, "password …;"))
	const page = fencesIn(read("docs/operate.md")).find((each) => each.language === "sql")
	expect(statements(read("infra/postgres/roles.sh"))).toEqual(statements(page?.text ?? ""))
})

test("the broker is of the version that the tests run on", () => {
	expect(compose.services["kafka"]?.image).toBe(`apache/kafka:${/<kafka.version>(.*)<\/kafka.version>/.exec(read("infra/kafka/pom.xml"))?.[1]}`)
})
