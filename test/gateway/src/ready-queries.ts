import { readyQueries } from "@yima/gateway"
import { Kind, parse, print } from "graphql"

/** The queries with which the page for people begins, one by one. */
export const operations: readonly string[] = parse(readyQueries).definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [print(each)] : []))
