import { defineConfig } from "vitest/config"

export default defineConfig({
	// As Node itself resolves: else graphql is loaded twice, once in its development build.
	ssr: { resolve: { conditions: ["module-sync", "node"] } },
	test: {
		include: ["**/test/**/*.test.ts", "test/**/*.test.ts"],
		exclude: ["**/node_modules/**", "**/.stryker-tmp/**"],
		testTimeout: 120_000,
	},
})
