// The playground page: sends what is written and pressed, and shows what arrives.
"use strict"
document.documentElement.classList.add("js")

const $ = (query, within = document) => within.querySelector(query)
const $$ = (query, within = document) => [...within.querySelectorAll(query)]
const csrf = $("meta[name=csrf]").content
let away = false
const panes = $$(".pane").map(section => ({
  section, person: section.dataset.person, handle: section.dataset.handle, first: $("h2", section).textContent,
  log: $(".log", section), box: $("textarea", section), form: $(".composer", section),
  below: $(".below", section), list: $(".slash", section), sending: Promise.resolve(), failed: [],
}))
const paneOf = person => panes.find(pane => pane.person === person)

function element(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.firstElementChild
}
function make(tag, look, text = "") {
  return Object.assign(document.createElement(tag), { className: look, textContent: text })
}

// ── What is not kept yet stays here, also after a reload ──

const drafts = {
  of(pane) {
    try { return { text: "", waiting: [], ...JSON.parse(sessionStorage.getItem("beside:" + pane.person)) } } catch { return { text: "", waiting: [] } }
  },
  keep(pane, change) {
    try { sessionStorage.setItem("beside:" + pane.person, JSON.stringify({ ...this.of(pane), ...change })) } catch { /* a full or forbidden store loses only the draft */ }
  },
  drop(pane, key) { this.keep(pane, { waiting: this.of(pane).waiting.filter(one => one.key !== key) }) },
  clear() { try { for (const name of Object.keys(sessionStorage)) if (name.startsWith("beside:")) sessionStorage.removeItem(name) } catch { /* nothing was kept */ } },
}

// ── Asking ──

async function post(path, key, body) {
  let response, said
  try {
    response = await fetch("/playground/" + path, {
      method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(30000),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": key },
    })
    said = await response.json()
  } catch {
    throw new Error("The connection dropped.")
  }
  // What is too long or gone will be so the next time too.
  if (!response.ok) throw Object.assign(new Error(said.reason), { final: [400, 404, 413].includes(response.status) })
  return said
}

function settle(host) {
  for (const node of $$(":scope > .state, :scope > .again", host)) node.remove()
}

// One thing at a time, in the order in which it was done; what failed goes before what comes after it.
const queue = (pane, act) => pane.sending = pane.sending.then(act)
const again = pane => { for (const one of pane.failed.splice(0)) queue(pane, one.retry) }

// Nothing for a moment, then "Keeping it"; when it fails, the way out stands beside the reason.
async function attempt(pane, host, send, words = "", change = null) {
  settle(host)
  const late = setTimeout(() => {
    const line = make("p", "state", "Keeping it")
    line.setAttribute("role", "status")
    host.append(line)
    follow(pane)
  }, 400)
  let said
  try {
    if (away && pane.failed.length) throw new Error("The connection dropped.")
    said = await send()
  } catch (trouble) {
    clearTimeout(late)
    settle(host)
    const line = make("p", "state")
    line.setAttribute("role", "alert")
    line.append(make("b", "", "Not kept yet."), ` ${trouble.message}${words}`)
    const row = make("div", "row again"), way = make("button", "", trouble.final ? "Change the words" : "Try again")
    way.type = "button"
    way.addEventListener("click", () => {
      if (document.activeElement === way) pane.box.focus({ preventScroll: true })
      trouble.final ? change() : again(pane)
    })
    if (!trouble.final) pane.failed.push({ host, retry: () => attempt(pane, host, send, words, change) })
    if (!trouble.final || change) row.append(way)
    host.append(line, row)
    return follow(pane)
  }
  clearTimeout(late)
  settle(host)
  for (const message of said.messages ?? []) show(message)
  if (said.form) open(said.form, pane, host.dataset.message ?? "")
  if (said.errors) host.append(make("p", "state", Object.values(said.errors).join(" ")))
}

// ── The conversation ──

const near = log => log.scrollHeight - log.scrollTop - log.clientHeight < 48
// What is taller than the pane stands at its beginning.
const down = pane => {
  const last = pane.log.lastElementChild, tall = last?.dataset.from === "beside" && last.offsetHeight > pane.log.clientHeight
  pane.log.scrollTop = tall ? last.offsetTop : pane.log.scrollHeight
  pane.below.hidden = true
}
// What a press changed stays in sight, also where it stands above the choice and nothing new came below.
const rest = pane => {
  const card = pane.pressed && find(pane, pane.pressed), last = pane.log.lastElementChild
  down(pane)
  if (card && last.dataset.from === pane.handle && card.offsetTop < pane.log.scrollTop) pane.log.scrollTop = card.offsetTop
}
const follow = pane => { if (pane.below.hidden) down(pane) }
const find = (pane, key) => $(`[data-message="${CSS.escape(key)}"]`, pane.log)

function show(message) {
  const pane = paneOf(message.person)
  if (!pane) return
  const node = element(message.html), old = find(pane, message.key)
  if (old?.dataset.rev === node.dataset.rev) return
  const reading = !near(pane.log), held = old?.contains(document.activeElement)
  // What was shown before it was kept takes its place in the order in which all was kept.
  if (old && (old.dataset.rev || old === pane.log.lastElementChild)) old.replaceWith(node)
  else {
    old?.remove()
    $(".empty", pane.log)?.remove()
    if (!old) node.classList.add("arrive")
    pane.log.append(node)
  }
  const days = $$(".day", pane.log), before = days.filter(day => day.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING).pop()
  if (!old?.dataset.rev && before?.dataset.day !== message.day) {
    const day = make("p", "day", message.date)
    day.dataset.day = message.day
    node.before(day)
  }
  const plain = [...$(".plain", pane.form).cloneNode(true).childNodes]
  if (message.hint !== null) $(".now", pane.form).replaceChildren(...message.hint ? [message.hint] : plain)
  if (held) pane.box.focus({ preventScroll: true })
  if (!reading || node.dataset.from === pane.handle) rest(pane)
  else if (!old) pane.below.hidden = false
}

function say(pane, text, key) {
  const name = "said:web:" + key
  if (find(pane, name)) return drafts.drop(pane, key)
  const node = make("div", "msg mine"), line = make("p", text.startsWith("/") ? "cmd" : "words")
  node.dataset.message = name
  node.dataset.from = pane.handle
  line.dir = "auto"
  line.append(make("span", "unseen", pane.first + ": "), text)
  node.append(line)
  $(".empty", pane.log)?.remove()
  pane.log.append(node)
  pane.pressed = ""
  down(pane)
  const send = async () => {
    const said = await post("say", key, { person: pane.person, text })
    drafts.drop(pane, key)
    return said
  }
  const change = () => {
    node.remove()
    drafts.drop(pane, key)
    pane.box.value = [text, pane.box.value].filter(Boolean).join("\n")
    drafts.keep(pane, { text: pane.box.value })
    pane.box.focus({ preventScroll: true })
  }
  if (!away) again(pane)
  queue(pane, () => attempt(pane, node, send, " Your words are still here.", change))
}

async function press(pane, button) {
  const host = button.closest("[data-message]"), { message, thread, version } = host.dataset
  if (host.dataset.busy) return
  host.dataset.busy = "yes"
  pane.pressed = message
  const key = button.dataset.key ??= crypto.randomUUID()
  const inputs = Object.fromEntries($$("fieldset[data-name]", host).map(set => [set.dataset.name, $(":checked", set)?.value ?? ""]))
  const body = { person: pane.person, message, thread, version: Number(version), verb: button.dataset.verb, value: button.dataset.value, label: button.textContent, inputs }
  // Another choice on the same card stands for the one that did not get through.
  pane.failed = pane.failed.filter(one => one.host !== host)
  if (!away) again(pane)
  await queue(pane, () => attempt(pane, host, async () => {
    const said = await post("press", key, body)
    delete button.dataset.key
    return said
  }))
  delete host.dataset.busy
  if (!button.isConnected && document.activeElement === document.body) pane.box.focus({ preventScroll: true })
}

// ── Forms ──

function open(html, pane, message) {
  const dialog = element(html), form = $("form", dialog), { verb, thread, version } = form.dataset
  let key, sent, busy
  document.body.append(dialog)
  dialog.addEventListener("close", () => {
    dialog.remove()
    if (document.activeElement === document.body) pane.box.focus({ preventScroll: true })
  })
  $("[data-close]", dialog).addEventListener("click", () => dialog.close())
  form.addEventListener("submit", async event => {
    event.preventDefault()
    if (busy) return
    busy = true
    const fields = Object.fromEntries(new FormData(form)), now = JSON.stringify(fields)
    if (!key || sent !== now) [key, sent] = [crypto.randomUUID(), now]
    try {
      const said = await post("submit", key, { person: pane.person, verb, thread, version: Number(version), fields, message })
      key = undefined
      mark(form, said.errors ?? {})
      if (said.errors) return
      dialog.close()
      for (const one of said.messages) show(one)
      if (said.form) open(said.form, pane, message)
    } catch (trouble) {
      mark(form, { "": `Not kept yet. ${trouble.message} Your words are still here.` })
    } finally {
      busy = false
    }
  })
  dialog.showModal()
}

// A sentence by each field it is about; what belongs to no field of this form stands at the top.
function mark(form, errors) {
  const lines = $$(".wrong", form), names = lines.map(line => line.dataset.for)
  const stray = Object.entries(errors).filter(([name]) => !name || !names.includes(name)).map(([, text]) => text).join(" ")
  for (const line of lines) {
    const text = line.dataset.for ? errors[line.dataset.for] ?? "" : stray
    line.textContent = text
    line.classList.toggle("on", Boolean(text))
    for (const field of line.dataset.for ? $$("[name]", form).filter(one => one.name === line.dataset.for) : []) {
      text ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid")
    }
  }
  $("[aria-invalid]", form)?.focus()
}

// ── Writing ──

for (const pane of panes) {
  const { box, list, log } = pane, items = $$("li", list)
  let at = 0, chosen = false, pressed = false
  const hits = () => items.filter(item => !item.hidden)
  const draw = (closed = false) => {
    const typing = !closed && /^\/[\w -]*$/.test(box.value)
    for (const item of items) item.hidden = !typing || !$("b", item).textContent.startsWith(box.value)
    const open = hits()
    list.hidden = !open.length
    at = Math.max(0, Math.min(at, open.length - 1))
    for (const item of items) item.setAttribute("aria-selected", String(item === open[at]))
    open[at]?.scrollIntoView({ block: "nearest" })
    open.length ? box.setAttribute("aria-activedescendant", open[at].id) : box.removeAttribute("aria-activedescendant")
  }
  const pick = item => { box.value = item.dataset.fill; draw(true); drafts.keep(pane, { text: box.value }); box.focus() }
  box.addEventListener("input", () => { at = 0; chosen = false; draw(); drafts.keep(pane, { text: box.value }) })
  box.addEventListener("blur", () => draw(true))
  list.addEventListener("mousedown", event => { event.preventDefault(); const item = event.target.closest("li"); if (item) pick(item) })
  box.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229) return
    const open = list.hidden ? [] : hits(), step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const enter = event.key === "Enter" && !event.shiftKey
    // A command written out in full is sent; one that is begun or chosen is filled in.
    const whole = !chosen && open.length && box.value === $("b", open[at]).textContent
    if (open.length && step) { at = (at + step + open.length) % open.length; chosen = true; draw() }
    else if (open.length && (event.key === "Tab" && !event.shiftKey || enter && !whole)) pick(open[at])
    else if (open.length && event.key === "Escape") draw(true)
    else if (enter) pane.form.requestSubmit()
    else return
    event.preventDefault()
  })
  pane.form.addEventListener("submit", event => {
    event.preventDefault()
    const text = box.value.trim(), key = crypto.randomUUID()
    if (!text) return
    box.value = ""
    draw(true)
    drafts.keep(pane, { text: "", waiting: [...drafts.of(pane).waiting, { key, text }] })
    say(pane, text, key)
    box.focus({ preventScroll: true })
  })
  log.addEventListener("click", event => {
    const button = event.target.closest("button[data-verb]")
    if (event.detail < 2) pressed = Boolean(button)
    if (button) press(pane, button)
  })
  // The second click of two on a button often meets what has taken the card's place, and would take the hand from the box.
  log.addEventListener("mousedown", event => { if (event.detail > 1 && pressed) event.preventDefault() })
  log.addEventListener("scroll", () => { if (near(log)) pane.below.hidden = true })
  pane.below.addEventListener("click", () => { down(pane); box.focus({ preventScroll: true }) })
  $("select", pane.section)?.addEventListener("change", event => event.target.form.requestSubmit())
  const kept = drafts.of(pane)
  box.value ||= kept.text
  down(pane)
  for (const { key, text } of kept.waiting) say(pane, text, key)
}

const tabs = $$("[role=tab]")
function front(tab) {
  for (const one of tabs) {
    one.setAttribute("aria-selected", String(one === tab))
    one.tabIndex = one === tab ? 0 : -1
    $("#" + one.getAttribute("aria-controls")).classList.toggle("front", one === tab)
  }
  const pane = panes.find(one => one.section.id === tab.getAttribute("aria-controls"))
  $(".skip").href = "#" + pane.box.id
  down(pane)
}
tabs.forEach((tab, n) => {
  tab.addEventListener("click", () => front(tab))
  tab.addEventListener("keydown", event => {
    if (!/^Arrow(Left|Right)$/.test(event.key)) return
    const other = tabs[(n + 1) % tabs.length]
    other.focus()
    front(other)
  })
})

// ── The clock ──

const hands = $$(".hands button"), note = $("#clock-note"), fresh = $("#d-reset")
const still = moving => hands.forEach(hand => hand.setAttribute("aria-disabled", String(moving)))
$(".moves").addEventListener("submit", async event => {
  event.preventDefault()
  const by = event.submitter.value
  if (event.submitter.getAttribute("aria-disabled") === "true") return
  still(true)
  note.textContent = ""
  try {
    await post("move", crypto.randomUUID(), { by, person: panes[0]?.person ?? "" })
  } catch (trouble) {
    note.textContent = trouble.message
    still(false)
  }
})
function tick(clock) {
  const time = $("#now")
  if (time.textContent !== clock.text) [time.textContent, time.dateTime] = [clock.text, clock.at]
  still(clock.moving)
  const text = clock.moving ? "The clock is moving." : clock.note
  if (note.textContent !== text) note.textContent = text
}
$("[data-open]").addEventListener("click", () => fresh.showModal())
$("form", fresh).addEventListener("submit", async event => {
  if (event.submitter.value !== "reset") return
  event.preventDefault()
  try {
    await post("reset", crypto.randomUUID(), {})
    begin()
  } catch (trouble) {
    const line = $(".wrong", fresh)
    line.textContent = trouble.message
    line.classList.add("on")
  }
})
function begin() { drafts.clear(); location.reload() }

// ── What arrives; the line comes back by itself ──

let after = document.body.dataset.after, source
function listen() {
  const people = panes.map(pane => pane.person).join(",")
  source = new EventSource(`/playground/stream?people=${encodeURIComponent(people)}&after=${encodeURIComponent(after)}`)
  const on = (name, act) => source.addEventListener(name, event => { after = event.lastEventId || after; act(JSON.parse(event.data)) })
  on("remark", show)
  on("clock", tick)
  on("reset", begin)
  on("keys", keys => {
    for (const pane of panes) for (const node of $$("[data-rev]", pane.log)) if (!keys[pane.person].includes(node.dataset.message)) node.remove()
    for (const day of $$(".day")) if (!day.nextElementSibling?.matches("[data-message]")) day.remove()
  })
  source.addEventListener("open", () => {
    for (const line of $$(".offline")) line.textContent = ""
    const back = away
    away = false
    if (back) panes.forEach(again)
  })
  source.addEventListener("error", () => {
    away = true
    for (const line of $$(".offline")) line.textContent = "Beside is out of reach just now. What you write stays here."
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000)
  })
}
addEventListener("pagehide", () => source?.close())
if (panes.length) listen()
