/** Runs the SQL of standard input on the database of `SQL_URL`: what an operator does with a client of their own. */
import { text } from "node:stream/consumers"
import pg from "pg"

const client = new pg.Client({ connectionString: process.env["SQL_URL"] })
await client.connect()
await client.query(await text(process.stdin))
await client.end()
