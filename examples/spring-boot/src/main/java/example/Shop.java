package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;

/** Started by {@code java -jar}, or, as a servlet initializer, by the Tomcat that it is deployed to. */
@SpringBootApplication
public class Shop extends SpringBootServletInitializer {
    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }
}
