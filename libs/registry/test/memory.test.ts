import { MemoryRegistry } from "../src/index.ts"
import { registryContract } from "./contract.ts"

registryContract(async () => new MemoryRegistry(3))
