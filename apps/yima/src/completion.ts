import { type Command, USAGE, YES } from "./command.ts"

const help = `用法:yima completion bash|zsh|fish

打印命令补全脚本。例如:
  source <(yima completion bash)
  yima completion fish > ~/.config/fish/completions/yima.fish

退出码:0 已打印,2 用法有误`

/** What each command takes, for the shell's completion: words, then options. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
	start: [],
	serve: ["--role", "intake", "linker", "gateway"],
	import: ["--profile", "--dry-run", "--complete", "--report"],
	profile: ["list", "check", "new"],
	unit: ["--as-of", "--known-at", "--json"],
	project: ["--as-of", "--known-at", "--json"],
	event: ["--json"],
	code: ["--json"],
	ruleset: ["check", "preview", "adopt", "--all"],
	hash: [],
	replay: ["--expect", "same", "different", "--continue"],
	migrate: [],
	backup: [],
	restore: [],
	log: ["adopt", "--yes"],
	generate: ["--units", "--seed", "--until"],
	doctor: [],
	completion: ["bash", "zsh", "fish"],
}

const names = Object.keys(WORDS).join(" ")

const cases = Object.entries(WORDS)
	.map(([name, words]) => `    ${name}) words="${[...words, "--help"].join(" ")}" ;;`)
	.join("\n")

const bash = `_yima() {
  local words="${names} --help"
  if [ "$COMP_CWORD" -gt 1 ]; then
    case "\${COMP_WORDS[1]}" in
${cases}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _yima yima`

const SCRIPTS: Readonly<Record<string, string>> = {
	bash,
	zsh: `autoload -U +X bashcompinit && bashcompinit\n${bash}`,
	fish: [
		`complete -c yima -f -n "not __fish_seen_subcommand_from ${names}" -a "${names}"`,
		...Object.entries(WORDS).map(([name, words]) => `complete -c yima -f -n "__fish_seen_subcommand_from ${name}" -a "${[...words, "--help"].join(" ")}"`),
	].join("\n"),
}

export const completion: Command = {
	help,
	run: ([shell = ""]) => {
		const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined
		if (script === undefined) {
			console.error(help)
			return USAGE
		}
		console.log(script)
		return YES
	},
}
