import { setTimeout as pause } from "node:timers/promises"
import { parseArgs } from "node:util"
import own from "../package.json" with { type: "json" }
import { type Command, NO, USAGE, YES } from "./command.ts"
import { type Configuration, ConfigurationWrong, configuration, ROLES, type Role } from "./configuration.ts"
import { type Demo, type DemoWork, loadBuilding, loadCity } from "./demo.ts"
import { endLoudly, startOperations } from "./operations.ts"
import { lineOn } from "./progress.ts"
import { announce, claim } from "./running.ts"
import { type System, startSystem } from "./system.ts"

const VERSION = own.version

/** A flat of the demo set whose life shows everything. */
export const DEMO_UNIT = "410811001002GB00018F00030045"
/** One of the demo city that was sold twice. */
const SOLD_TWICE = "410803012001GB00001F00030009"

const settings = `环境变量:
  PORT                 监听端口(4000);HOST 监听地址(127.0.0.1)
  YIMA_HOME            内置部件的数据目录(./.yima);删除即一切从头
  YIMA_KEY             主密钥,32 字节 base64;不写则在数据目录中生成
  DATABASE_URL         PostgreSQL ≥ 15;不写则用内置数据库
  DATABASE_OWNER_URL   可改表结构的登录(默认同 DATABASE_URL)
  KAFKA_BROKERS        Apache Kafka ≥ 4,逗号分隔;不写则用内置日志
  KAFKA_SASL_USERNAME、KAFKA_SASL_PASSWORD  登录 Kafka 的用户与口令;KAFKA_SASL_MECHANISM 为
                       scram-sha-512(默认)、scram-sha-256 或 plain;KAFKA_SSL=1 加密连接
  YIMA_TOPIC           事件的 Kafka 主题(yima.events)
  YIMA_INBOX           0:不读各部门的来文主题(yima.inbox.*,前缀随 YIMA_TOPIC)
  YIMA_PARTITIONS      首次启动时日志的分区数(12),此后不变
  YIMA_WEBHOOK_ALLOW   订阅端点可在的内部网段,逗号分隔(不写:内置数据库时为本机,否则没有)
  YIMA_PROFILES        表格映射方案的目录(随附的 seeds/profiles)
  OTEL_EXPORTER_OTLP_ENDPOINT  链路追踪送往何处(OTLP/HTTP);不写则不追踪
  YIMA_DEMO            首次启动装入的演示数据:city 一座小城(默认)、building 一栋楼、0 不装入`

/** Resolves when the process is told to stop. */
const told = (): Promise<void> =>
	new Promise((resolve) => {
		for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve())
	})

/** How long a stop may take, ms: what was accepted is finished well before. */
const STOP_WITHIN = 9500
/** How long what is still open may keep a process that has let go of everything, ms: kafkajs may reconnect for nobody when a broker was away. */
const LINGER = 2000
/** How long the last spans may take to leave, ms. */
const LAST_SPANS = 1000

const run = async (config: Configuration, isStart: boolean): Promise<number> => {
	const release = config.databaseUrl === null ? await claim(config.home) : () => undefined
	const stopping = told()
	const operations = await startOperations(process.env)
	const { say } = operations.log
	endLoudly(operations.log)
	const role = config.roles.join(",")
	operations.metrics.info.set({ version: VERSION, roles: role }, 1)
	const system = await startSystem(config, operations)
	const withdraw = announce(config.home, { url: system.url, connectionString: system.connectionString, pid: process.pid })
	const loading = isStart ? await demoOf(system, config.demo) : null
	console.log(isStart ? greeting(system, config) : `一码已启动(${config.roles.join("、")}):${system.url}`)
	say("info", "process.started", { role, version: VERSION, url: system.url })
	const loaded = loading?.run()
	await stopping
	say("info", "process.stopping")
	loading?.abort()
	await loaded
	const patience = setTimeout(() => process.exit(NO), STOP_WITHIN)
	await system.stop()
	await Promise.race([operations.tracing.stop().catch(() => undefined), pause(LAST_SPANS, undefined, { ref: false })])
	say("info", "process.stopped")
	clearTimeout(patience)
	withdraw()
	release()
	setTimeout(() => process.exit(), LINGER).unref()
	return YES
}

/** What of the installation's demo data has been loaded, as its settings say. */
const BEGUN = "demo-begun"
const DONE = "demo-done"

interface Loading {
	/** Never fails: what went wrong is told. */
	readonly run: () => Promise<void>
	readonly abort: () => void
}

/**
 * Demo data for an installation that had none, or had begun to load it: the small building is there when this resolves, so that what is
 * printed leads somewhere; the city is loaded by `run`, while everything is in use.
 */
const demoOf = async ({ intake, reader, settings, isNew }: System, demo: Demo): Promise<Loading | null> => {
	if (intake === null || demo === "none") return null
	if (isNew) await settings.insert(BEGUN, demo)
	const begun = await settings.read(BEGUN)
	if (begun === null || (await settings.read(DONE)) !== null) return null
	const stop = new AbortController()
	const work: DemoWork = { door: intake, reader, say: () => undefined, signal: stop.signal }
	await loadBuilding(work)
	if (begun !== "city") {
		await settings.insert(DONE, begun)
		return null
	}
	const run = async (): Promise<void> => {
		const start = performance.now()
		const line = lineOn(process.stdout)
		let accepted = 0
		try {
			await loadCity({
				...work,
				say: (progress) => {
					accepted = progress.accepted
					line.say(`演示城市:已接收 ${accepted.toLocaleString("en")} 条${progress.linked === null ? "" : `,已挂接 ${progress.linked}%`}`)
				},
			})
			await settings.insert(DONE, begun)
			line.end()
			console.log(
				`演示城市已装入:${accepted.toLocaleString("en")} 条事件,${((performance.now() - start) / 1000).toFixed(1)} 秒;其中一房二卖的一户:npm run yima -- unit ${SOLD_TWICE}`,
			)
		} catch (error) {
			line.end()
			if (!stop.signal.aborted) console.error(`演示城市未能装完,下次启动时继续:${error instanceof Error ? error.message : String(error)}`)
		}
	}
	return { run, abort: () => stop.abort() }
}

const greeting = ({ url }: System, { demo, home, databaseUrl, kafka }: Configuration): string =>
	`一码已启动:${url}

  查询    ${url}/graphql(浏览器中可直接试用)
  订阅    ${url}/stream?service=water(SSE);webhook 见 createWebhook
  报送    POST ${url}/events(CloudEvents;单个、成批或 NDJSON)
  表格    yima import 文件 --profile 方案(CSV、XLSX)
  健康    ${url}/health/ready
${demo !== "none" ? `\n  看一户的全程:npm run yima -- unit ${DEMO_UNIT}\n` : ""}
数据库:${databaseUrl === null ? `内置(${home})` : "DATABASE_URL"};日志:${kafka === null ? "内置" : `Kafka ${kafka.brokers}`}。Ctrl-C 停止。`

/** What the user can put right, by the system's code of the error. */
const HINTS: Readonly<Record<string, string>> = {
	EADDRINUSE: "端口已被占用,请用 PORT 另指一个",
	EACCES: "没有权限",
	ENOTDIR: "YIMA_HOME 应为目录",
	EEXIST: "YIMA_HOME 应为目录",
	ECONNREFUSED: "连不上,请检查 DATABASE_URL 与 KAFKA_BROKERS",
	ENOTFOUND: "找不到主机,请检查 DATABASE_URL 与 KAFKA_BROKERS",
	ERR_INVALID_URL: "地址不合格式,请检查 DATABASE_URL",
	"28P01": "数据库拒绝了口令,请检查 DATABASE_URL",
	"42501": "登录没有所需的权限;表结构请先以 DATABASE_OWNER_URL 的登录用 yima migrate 建好",
	"3D000": "没有这个数据库,请检查 DATABASE_URL",
}

/** Runs, and says a wrong configuration as what it is: the user's to put right, without a stack. */
const guarded = async (env: NodeJS.ProcessEnv, roles: readonly Role[], isStart: boolean): Promise<number> => {
	try {
		return await run(configuration(env, roles), isStart)
	} catch (error) {
		if (!(error instanceof Error)) throw error
		const isTheirs = error instanceof ConfigurationWrong || "_tag" in error
		const hint = "code" in error ? HINTS[String(error.code)] : undefined
		console.error(isTheirs ? error.message : hint === undefined ? `启动失败:${error.message}\n${error.stack ?? ""}` : `${hint}:${error.message}`)
		return isTheirs || hint !== undefined ? USAGE : NO
	}
}

export const start: Command = {
	help: `用法:yima start\n\n在一个进程中启动接收、挂接、查询与投递。\n\n${settings}\n\n退出码:0 正常停止,1 启动失败,2 配置有误`,
	run: (args) => {
		parseArgs({ args: [...args], options: {} })
		return guarded(process.env, ROLES, true)
	},
}

export const serve: Command = {
	help: `用法:yima serve [--role ROLE]…\n\nROLE 可为 ${ROLES.join("、")};不写则全部。\n\n${settings}\n\n退出码:0 正常停止,1 启动失败,2 用法或配置有误`,
	run: (args) => {
		const { values } = parseArgs({ args: [...args], options: { role: { type: "string", multiple: true } } })
		const asked = values.role ?? [...ROLES]
		const roles = ROLES.filter((each) => asked.includes(each))
		const unknown = asked.find((each) => !ROLES.some((role) => role === each))
		if (unknown !== undefined) {
			console.error(`没有部件「${unknown}」;可选:${ROLES.join("、")}`)
			return USAGE
		}
		return guarded(process.env, roles, false)
	},
}
