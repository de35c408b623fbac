import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.*;
import java.util.concurrent.Executors;
import java.util.regex.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 接收开户请求:核验签名,每件只取一次,当场回报受理。Java ≥ 11,无需安装。
 *
 * YIMA_SECRET=whsec_… [PORT=5001] [STATE=./received.ndjson] java Receiver.java
 */
public class Receiver {
	static final byte[] SECRET = Base64.getDecoder().decode(System.getenv("YIMA_SECRET").replaceFirst("^whsec_", ""));
	static final Path STATE = Path.of(System.getenv().getOrDefault("STATE", "./received.ndjson"));
	/** 秒:时间相差更远的不收,可能是有人重放旧件。 */
	static final long TOLERANCE = 300;
	static final Map<String, String> taken = new LinkedHashMap<>();
	/** 只为示例:正式系统请用 JSON 库。 */
	static final Pattern ID = Pattern.compile("\"id\":\"(\\d+-\\d+)\"");

	static boolean isOurs(HttpExchange exchange, byte[] body) throws Exception {
		var headers = exchange.getRequestHeaders();
		String id = headers.getFirst("webhook-id"), seconds = headers.getFirst("webhook-timestamp"), signatures = headers.getFirst("webhook-signature");
		if (id == null || seconds == null || signatures == null) return false;
		if (Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(seconds)) > TOLERANCE) return false;
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
		mac.update((id + "." + seconds + ".").getBytes());
		byte[] own = mac.doFinal(body);
		for (String each : signatures.split(" "))
			if (MessageDigest.isEqual(Base64.getDecoder().decode(each.replaceFirst("^v1,", "")), own)) return true;
		return false;
	}

	/** 同一件可能送来两次:只取一次。 */
	static synchronized String take(String event) throws IOException {
		Matcher found = ID.matcher(event);
		if (!found.find()) return null;
		String id = found.group(1);
		if (!taken.containsKey(id)) {
			String orderNo = "GD-" + (taken.size() + 1);
			Files.writeString(STATE, "{\"orderNo\":\"" + orderNo + "\",\"event\":" + event + "}\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			taken.put(id, orderNo);
		}
		return taken.get(id);
	}

	public static void main(String[] args) throws Exception {
		if (Files.exists(STATE))
			for (String line : Files.readAllLines(STATE)) {
				Matcher found = ID.matcher(line);
				if (found.find()) taken.put(found.group(1), "GD-" + (taken.size() + 1));
			}
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv().getOrDefault("PORT", "5001"))), 0);
		server.setExecutor(Executors.newFixedThreadPool(8));
		server.createContext("/", exchange -> {
			byte[] body = exchange.getRequestBody().readAllBytes();
			int status = 401;
			String answer = "{}";
			try {
				if (isOurs(exchange, body)) {
					String event = new String(body, "UTF-8");
					// 此示例一次只收一件(batchSize 为 1);一批只取其一,其余就丢了。
					status = event.startsWith("[") ? 422 : 200;
					String orderNo = status == 200 && event.contains("yima.utility.account-requested.v1") ? take(event) : null;
					if (orderNo != null) answer = "{\"status\":\"accepted\",\"orderNo\":\"" + orderNo + "\"}";
				}
			} catch (Exception wrong) {
				status = 400;
			}
			exchange.getResponseHeaders().set("content-type", "application/json");
			exchange.sendResponseHeaders(status, answer.length());
			exchange.getResponseBody().write(answer.getBytes());
			exchange.close();
		});
		server.start();
		System.out.println("listening on " + server.getAddress().getPort());
	}
}
