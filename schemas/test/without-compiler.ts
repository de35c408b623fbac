/** Puts nothing in the place of the module that turns the compiler on, and lets nobody compile. */
import { registerHooks } from "node:module"

registerHooks({
	resolve: (specifier, context, next) =>
		specifier === "effect/schema/SchemaJITCompiler/enable" ? { url: "data:text/javascript,", format: "module", shortCircuit: true } : next(specifier, context),
})

globalThis.Function = new Proxy(globalThis.Function, {
	apply: () => {
		throw new Error("something was compiled")
	},
	construct: () => {
		throw new Error("something was compiled")
	},
})
