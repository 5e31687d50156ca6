package example;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.pac4j.config.client.PropertiesConfigFactory;
import org.pac4j.core.config.Config;
import org.pac4j.core.profile.ProfileManager;
import org.pac4j.jee.context.JEEContext;
import org.pac4j.jee.context.session.JEESessionStore;
import org.pac4j.jee.filter.CallbackFilter;
import org.pac4j.jee.filter.LogoutFilter;
import org.pac4j.jee.filter.SecurityFilter;
import org.pac4j.oidc.profile.OidcProfile;

/** Servlets behind the filters of jakartaee-pac4j, which are set up by pac4j's own names of properties. */
public final class Shop {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Shop() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = settings(Path.of("pac4j.properties"));
        Config config = new PropertiesConfigFactory(settings.get("callbackUrl"), settings).build();

        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("shop").toString());
        tomcat.setPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "8081")));
        tomcat.getConnector();
        Context shop = tomcat.addContext("", null);

        LogoutFilter logout = new LogoutFilter(config, settings.get("defaultUrl"));
        logout.setCentralLogout(true);
        filter(shop, "callback", new CallbackFilter(config, "/profile"), "/callback");
        filter(shop, "security", new SecurityFilter(config, "OidcClient"), "/profile", "/api");
        filter(shop, "logout", logout, "/logout");

        page(shop, "home", "/", user -> "Shop");
        page(shop, "profile", "/profile", user -> user.get().getDisplayName() + " " + user.get().getEmail());
        page(shop, "api", "/api", user -> call(user.get()));
        tomcat.start();
        tomcat.getServer().await();
    }

    private static Map<String, String> settings(Path file) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private static OidcProfile user(HttpServletRequest request, HttpServletResponse response) {
        var profiles = new ProfileManager(new JEEContext(request, response), new JEESessionStore());
        return profiles.getProfile(OidcProfile.class).orElseThrow();
    }

    /** Calls a service in the user's name: pac4j has refreshed the access token where it had expired. */
    private static String call(OidcProfile user) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("API")))
                .header("Authorization", "Bearer " + user.getAccessToken().getValue())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static void filter(Context context, String name, Filter filter, String... paths) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(name);
        for (String path : paths) {
            map.addURLPattern(path);
        }
        context.addFilterMap(map);
    }

    /** What a page says to a user. */
    private interface Text {
        String of(Supplier<OidcProfile> user) throws IOException, InterruptedException;
    }

    private static void page(Context context, String name, String path, Text text) {
        Tomcat.addServlet(context, name, new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.setContentType("text/plain");
                try {
                    response.getWriter().write(text.of(() -> user(request, response)));
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        context.addServletMappingDecoded(path, name);
    }
}
