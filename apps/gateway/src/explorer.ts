/** What the page for people shows when it is opened. */
export const readyQueries = `# 一码:不动产单元全生命周期查询。左侧写查询,按 ▶ 选一个执行;左上角的书是全部字段。

# 一套房的一生
query WholeLife($code: UnitCode = "410811 001002 GB00018 F00030045") {
  unit(code: $code) {
    formattedCode status stage address
    area { predicted contracted measured }
    milestones { stage since because { source id } }
    contracts { contractNo status signedOn buyers { name masked } totalPriceCny paidInFull }
    mortgages(active: true) { proofNo kind mortgagee { name } }
    seizures(active: true) { seizureNo state court fromOn toOn }
    timeline(first: 20) { totalCount edges { node { title occurredAt recordedAt department inForce inheritedFrom } } pageInfo { hasNextPage endCursor } }
    contentHash
  }
}

# 交房即交证:能不能办证,还差什么,轮到谁
query Ready($code: UnitCode = "410811001002GB00018F00030045") {
  unit(code: $code, asOf: "2023-05-19T00:00:00+08:00") {
    readiness {
      ready met total ruleSet
      blocking { id title responsible remedy because { statement holds evidence { source id } } }
      blockingFindings { code title explanation }
      nextSteps { title responsible possibleNow waitsFor dueAt }
    }
    deadlines { id title responsible dueAt overdue }
  }
}

# 某一时点:asOf 是事情发生的时间,knownAt 是我们得知的时间
query AtThatTime($code: UnitCode = "410811001002GB00018F00030045") {
  unit(code: $code, asOf: "2023-12-31T23:59:59+08:00") { stage holders { name } }
}

# 凭合同号、许可证号、产权证号、户号等找单元
query ByNumber {
  resolve(value: "202341081100018045") { state kind scopes { edges { node { scope code } } } definedBy { source id } }
}

# 待挂接的来文,连同可能的单元
query Parked {
  parked(first: 10) { totalCount edges { node { reason since event { source id title } candidates { scope code because { statement } } } } }
}

# 两个时点之间有何不同
query Between($code: UnitCode = "410811001002GB00018F00030045") {
  unitDiff(code: $code, from: { asOf: "2023-06-01T00:00:00+08:00" }, to: {}) { facts { title before after causedBy { source id title } } }
}
`

export const page = { title: "一码 GraphQL", defaultQuery: readyQueries }
