import { createSecretKey, type KeyObject } from "node:crypto"
import type { DataSubject, PersonalKind, Sealer } from "@yima/schemas"
import { decrypt, encrypt, newKey } from "./aead.ts"
import type { KeyStore } from "./key-store.ts"
import type { MasterKey } from "./master-key.ts"
import { subjectOf } from "./subject.ts"

/** How many persons' keys are remembered unless told: some 20 MB. */
const MOST_KEYS = 20_000

/** A value of an event that waits for its ciphertext. */
interface Blank {
	readonly seal: { cipher: string; readonly blind: string }
	readonly subject: string
	readonly kind: PersonalKind
	readonly plain: string
	readonly isNormal: boolean
}

/** An event, or several, whose persons have their blind indexes but not yet their ciphertexts: until `Keyring.fill` these are empty. */
export interface Draft {
	readonly sealer: Sealer
	readonly blanks: readonly Blank[]
}

/** A person's key as it is remembered. `key` null: erased. `said`: the last ciphertext of each kind whose plain text was its normal form. */
interface Held {
	readonly key: KeyObject | null
	readonly said: { [K in PersonalKind]?: { readonly blind: string; readonly cipher: string } }
}

/** A sealed value to be opened. */
export interface Closed {
	readonly kind: PersonalKind
	readonly cipher: string
}

/**
 * Ciphertexts name the subject whose key opens them: `1.<subject>.<base64url of nonce, ciphertext and tag>`. `0.<subject>` stands for
 * what came of a person whose key had been erased: only its blind index was kept.
 */
const written = (subject: string, bytes: string) => `1.${subject}.${bytes}`
const unkept = (subject: string) => `0.${subject}`
const CIPHER = /^1\.([a-z][\w-]{22})\.([\w-]+)$/

/**
 * Seals and opens what is personal (architecture, rule 13), with one key for each person (`subjectOf`). Sealing is three steps: events
 * are drafted with `draft().sealer`, without waiting; `fill` gets the keys of all drafts in one round trip; then it seals, without
 * waiting. A person's key is made at the first need.
 */
export class Keyring {
	readonly #master: MasterKey
	readonly #store: KeyStore
	readonly #most: number
	/** The least recently used stands first. */
	readonly #held = new Map<string, Held>()

	constructor(master: MasterKey, store: KeyStore, most = MOST_KEYS) {
		this.#master = master
		this.#store = store
		this.#most = most
	}

	/** The name of a person's key, as in `person_key.subject`. */
	subjectOf(person: DataSubject): string {
		return subjectOf(this.#master, person)
	}

	draft(): Draft {
		const blanks: Blank[] = []
		let last: DataSubject | undefined
		let subject = ""
		const sealer: Sealer = (kind, normal, plain, person) => {
			if (person !== last) {
				last = person
				subject = this.subjectOf(person)
			}
			// What the person is known by stands under its blind index in the subject already.
			const seal = { cipher: "", blind: kind === person.kind ? subject.slice(1) : this.#master.blind(kind, normal) }
			blanks.push({ seal, subject, kind, plain, isNormal: plain === normal })
			return seal
		}
		return { sealer, blanks }
	}

	/** Puts the ciphertexts into what the drafts' sealers answered. Fails as the store does, or with `WrappedKeyBroken`; then none is put. */
	async fill(drafts: readonly Draft[]): Promise<void> {
		const keys = await this.#keysOf(new Set(drafts.flatMap(({ blanks }) => blanks.map(({ subject }) => subject))))
		for (const { blanks } of drafts)
			for (const blank of blanks) {
				const held = keys.get(blank.subject)
				if (held === undefined) throw new Error("a subject was left without an answer about its key")
				blank.seal.cipher = cipherOf(blank, held)
			}
	}

	/**
	 * Opens any number of sealed values in one round trip; keys are read anew each time, so that an erased one opens nothing from then on.
	 * Null: the person's key was erased, or the text is no seal of this kind under this master key.
	 */
	async open(values: readonly Closed[]): Promise<readonly (string | null)[]> {
		const parts = values.map(({ cipher }) => CIPHER.exec(cipher))
		const subjects = new Set(parts.flatMap((found) => found?.[1] ?? []))
		const wrapped = subjects.size === 0 ? new Map<string, string | null>() : await this.#store.find([...subjects])
		const keys = new Map<string, KeyObject>()
		for (const [subject, text] of wrapped) if (text !== null) keys.set(subject, createSecretKey(this.#master.unwrap(subject, text)))
		return values.map(({ kind }, at) => {
			const [, subject = "", bytes = ""] = parts[at] ?? []
			const key = keys.get(subject)
			return key === undefined ? null : (decrypt(key, kind, bytes)?.toString() ?? null)
		})
	}

	/** Makes all that was ever sealed for this subject unreadable; blind indexes, and so history and proofs, stay. False: nothing to erase. */
	async erase(subject: string): Promise<boolean> {
		const erased = await this.#store.erase(subject)
		this.#held.delete(subject)
		return erased
	}

	async #keysOf(subjects: ReadonlySet<string>): Promise<ReadonlyMap<string, Held>> {
		const found = new Map<string, Held>()
		const made = new Map<string, Buffer>()
		const offered = new Map<string, string>()
		for (const subject of subjects) {
			const held = this.#held.get(subject)
			if (held === undefined) {
				const key = newKey()
				made.set(subject, key)
				offered.set(subject, this.#master.wrap(subject, key))
			} else {
				this.#held.delete(subject)
				this.#held.set(subject, held)
				found.set(subject, held)
			}
		}
		if (offered.size > 0)
			for (const [subject, wrapped] of await this.#store.ensure(offered)) {
				const own = made.get(subject)
				const bytes = wrapped === null ? null : own !== undefined && wrapped === offered.get(subject) ? own : this.#master.unwrap(subject, wrapped)
				const held: Held = { key: bytes === null ? null : createSecretKey(bytes), said: {} }
				found.set(subject, held)
				this.#held.set(subject, held)
			}
		for (const oldest of this.#held.keys()) {
			if (this.#held.size <= this.#most) break
			this.#held.delete(oldest)
		}
		return found
	}
}

/**
 * A value that is said again in its normal form gets the ciphertext that it had: a couple stands in some eight events of their flat,
 * and sealing is the dearest step at the door. What repeats shows no more than the blind index beside it does.
 */
const cipherOf = ({ seal: { blind }, subject, kind, plain, isNormal }: Blank, { key, said }: Held): string => {
	if (key === null) return unkept(subject)
	const before = said[kind]
	if (isNormal && before?.blind === blind) return before.cipher
	const cipher = written(subject, encrypt(key, kind, plain))
	if (isNormal) said[kind] = { blind, cipher }
	return cipher
}
