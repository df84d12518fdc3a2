# One image for every service: the command says which.
#   mvn -DskipTests package && docker build -t kandji-stream .
# The Java program is built outside, since its jars are the same on every platform.
FROM eclipse-temurin:25-jre
COPY kandji-stream standalone/target/kandji-stream.jar /opt/kandji-stream/
COPY standalone/target/lib /opt/kandji-stream/lib
# State of the enricher; a volume here spares it the rebuild from its changelogs after a restart.
RUN mkdir -p /var/lib/kandji-stream && chown 10001:10001 /var/lib/kandji-stream
VOLUME /var/lib/kandji-stream
USER 10001:10001
ENV KANDJI_STREAM_DATA_DIR=/var/lib/kandji-stream
ENTRYPOINT ["/opt/kandji-stream/kandji-stream"]
CMD ["--help"]
