"""接收开户请求:核验签名,每件只取一次,当场回报受理。Python ≥ 3.9,无需安装。

YIMA_SECRET=whsec_… [PORT=5001] [STATE=./received.ndjson] python3 receiver.py
"""
import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

SECRET = base64.b64decode(os.environ["YIMA_SECRET"].removeprefix("whsec_"))
STATE = os.environ.get("STATE", "./received.ndjson")
TOLERANCE = 300  # 秒:时间相差更远的不收,可能是有人重放旧件
LOCK = Lock()

taken = {}
if os.path.exists(STATE):
    with open(STATE, encoding="utf-8") as lines:
        taken = {entry["event"]["id"]: entry for entry in map(json.loads, lines)}


def is_ours(headers, body):
    id, seconds, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not id or not seconds.isdigit() or abs(time.time() - int(seconds)) > TOLERANCE:
        return False
    own = hmac.new(SECRET, f"{id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return any(hmac.compare_digest(base64.b64decode(each.removeprefix("v1,")), own) for each in signatures.split())


def take(event):
    """同一件可能送来两次:只取一次。"""
    with LOCK:
        if event["id"] not in taken:
            entry = {"orderNo": f"GD-{len(taken) + 1}", "event": event}
            with open(STATE, "a", encoding="utf-8") as lines:
                lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
            taken[event["id"]] = entry
        return taken[event["id"]]["orderNo"]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_ours(self.headers, body):
            return self.answer(401, {})
        events = json.loads(body)
        events = events if isinstance(events, list) else [events]
        orders = [take(each) for each in events if each["type"] == "yima.utility.account-requested.v1"]
        self.answer(200, {"status": "accepted", "orderNo": orders[0]} if len(orders) == 1 else {})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "5001"))), Receiver)
print(f"listening on {server.server_address[1]}", flush=True)
server.serve_forever()
