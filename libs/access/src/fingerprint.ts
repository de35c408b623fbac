import type { MasterKey } from "./master-key.ts"

/** Facts about the installation, by name, that are written once. */
export interface Settings {
	readonly read: (name: string) => Promise<string | null>
	/** Writes it where there is none, and answers what is there now: of two at once both get the same. */
	readonly insert: (name: string, value: string) => Promise<string>
}

/** The setting that names the master key of the data. */
export const FINGERPRINT = "master-key-fingerprint"

/** There is data, but no key. A new one would never open it, so none is made. */
export class MasterKeyMissing extends Error {
	readonly _tag = "MasterKeyMissing"
	constructor(stored: string) {
		super(`库中已有用指纹为 ${stored} 的密钥封存的数据,但没有找到 YIMA_KEY。请恢复原来的密钥(环境变量 YIMA_KEY,或数据目录中的密钥文件)后再启动`)
	}
}

/** The key is not that of the data. */
export class MasterKeyWrong extends Error {
	readonly _tag = "MasterKeyWrong"
	constructor(stored: string, given: string) {
		super(`YIMA_KEY 与库中数据不符:数据由指纹为 ${stored} 的密钥封存,现在的密钥指纹为 ${given}。请换回原来的密钥;要从头开始,请换一个空的数据库`)
	}
}

/**
 * To be asked at start, before anything is sealed. `key` null: none is configured.
 * Fails with `MasterKeyMissing` or `MasterKeyWrong`; on a database without data the given key becomes that of the data.
 */
export const checkFingerprint = async (settings: Settings, key: MasterKey | null): Promise<void> => {
	const stored = await settings.read(FINGERPRINT)
	if (key === null) {
		if (stored !== null) throw new MasterKeyMissing(stored)
		return
	}
	const standing = stored ?? (await settings.insert(FINGERPRINT, key.fingerprint))
	if (standing !== key.fingerprint) throw new MasterKeyWrong(standing, key.fingerprint)
}
