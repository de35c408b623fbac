import { defineConfig } from "vitest/config"

/** For `npm run mutate:code`: the package's own tests, in one process. */
export default defineConfig({
	test: { include: ["libs/unit-code/test/*.test.ts"], exclude: ["**/node_modules/**", "**/.stryker-tmp/**"], isolate: false, fileParallelism: false },
})
