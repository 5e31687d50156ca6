package example;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.IdToken;
import io.quarkus.security.Authenticated;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The pages: the front page is for everybody, the others are for those who are signed in. */
@Path("/")
public class Shop {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Inject
    @IdToken
    JsonWebToken user;

    @Inject
    AccessTokenCredential accessToken;

    @GET
    public String home() {
        return "Shop";
    }

    @GET
    @Path("profile")
    @Authenticated
    public String profile() {
        return user.getClaim("name") + " " + user.getClaim("email");
    }

    /** Calls a service in the user's name. */
    @GET
    @Path("api")
    @Authenticated
    public String api() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("API")))
                .header("Authorization", "Bearer " + accessToken.getToken())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
