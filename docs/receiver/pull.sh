#!/bin/sh
# 不能接收推送的,自己来取:从上次的游标之后取一页,逐行打印,记下新游标。需要 curl 与 Node(只用来读 JSON)。
#
#   [YIMA_URL=http://127.0.0.1:4000] [SERVICE=WATER] [CURSOR_FILE=./cursor] sh pull.sh
set -eu
: "${YIMA_URL:=http://127.0.0.1:4000}" "${SERVICE:=WATER}" "${CURSOR_FILE:=./cursor}"
cursor=$(cat "$CURSOR_FILE" 2>/dev/null || true)
query='query($s: Service!, $a: String) { accountRequests(service: $s, after: $a) { pageInfo { endCursor } edges { node { kind requestId revision request { unit address company accountNo holder consentId } } } } }'
answer=$(curl -fsS "$YIMA_URL/graphql" -H 'content-type: application/json' \
	-d "{\"query\":\"$(printf %s "$query" | sed 's/"/\\"/g')\",\"variables\":{\"s\":\"$SERVICE\",\"a\":\"$cursor\"}}")
printf %s "$answer" | node -e '
const { accountRequests: page } = JSON.parse(require("fs").readFileSync(0, "utf8")).data
for (const { node } of page.edges) console.log(JSON.stringify(node))
require("fs").writeFileSync(process.argv[1], page.pageInfo.endCursor)' "$CURSOR_FILE"
