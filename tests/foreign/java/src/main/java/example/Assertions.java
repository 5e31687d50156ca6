package example;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/**
 * A service that proves itself with a key (private_key_jwt), by the assertions of two libraries as they make them by default: their
 * audience is the URL of the endpoint that is called.
 */
public final class Assertions {
    private static final String ISSUER = System.getenv("ISSUER");
    private static final String CLIENT_ID = System.getenv("CLIENT_ID");

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "key" -> key(Path.of(arguments[1]), Path.of(arguments[2]));
            case "nimbus" -> nimbus(ECKey.parse(Files.readString(Path.of(arguments[1]))));
            case "spring" -> spring(ECKey.parse(Files.readString(Path.of(arguments[1]))));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("done");
    }

    /** Makes a key: its private half for this program, its public one for the registration. */
    private static void key(Path privately, Path publicly) throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).keyIDFromThumbprint(true).generate();
        Files.writeString(privately, key.toJSONString());
        Files.writeString(publicly, new JWKSet(key).toPublicJWKSet().toString());
    }

    /** Gets a token, looks at it and revokes it. */
    private static void nimbus(ECKey key) throws Exception {
        var metadata = OIDCProviderMetadata.resolve(new Issuer(ISSUER));
        var token = nimbusToken(metadata, key);
        expect(nimbusSees(metadata, key, token), "the token is not active");

        var revocation = metadata.getRevocationEndpointURI();
        var revoked = new TokenRevocationRequest(revocation, proof(revocation, key), token).toHTTPRequest().send();
        expect(revoked.indicatesSuccess(), "revocation: " + revoked.getBody());
        expect(!nimbusSees(metadata, key, token), "the token is active after its revocation");
    }

    private static AccessToken nimbusToken(OIDCProviderMetadata metadata, ECKey key) throws Exception {
        var endpoint = metadata.getTokenEndpointURI();
        var request = new TokenRequest.Builder(endpoint, proof(endpoint, key), new ClientCredentialsGrant()).build();
        var answer = TokenResponse.parse(request.toHTTPRequest().send());
        expect(answer.indicatesSuccess(), "token: " + answer.toHTTPResponse().getBody());
        return answer.toSuccessResponse().getTokens().getAccessToken();
    }

    private static boolean nimbusSees(OIDCProviderMetadata metadata, ECKey key, AccessToken token) throws Exception {
        var endpoint = metadata.getIntrospectionEndpointURI();
        var request = new TokenIntrospectionRequest(endpoint, proof(endpoint, key), token);
        var answer = TokenIntrospectionResponse.parse(request.toHTTPRequest().send());
        expect(answer.indicatesSuccess(), "introspection: " + answer.toHTTPResponse().getBody());
        return answer.toSuccessResponse().isActive();
    }

    private static ClientAuthentication proof(URI endpoint, ECKey key) throws Exception {
        return new PrivateKeyJWT(new ClientID(CLIENT_ID), endpoint, JWSAlgorithm.ES256, key.toPrivateKey(), key.getKeyID(), null);
    }

    private static void spring(ECKey key) {
        var registration = ClientRegistrations.fromIssuerLocation(ISSUER)
                .registrationId("haechi")
                .clientId(CLIENT_ID)
                .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .build();
        var client = new RestClientClientCredentialsTokenResponseClient();
        client.addParametersConverter(
                new NimbusJwtClientAuthenticationParametersConverter<OAuth2ClientCredentialsGrantRequest>(any -> key));
        var answer = client.getTokenResponse(new OAuth2ClientCredentialsGrantRequest(registration));
        expect(!answer.getAccessToken().getTokenValue().isEmpty(), "no token");
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
