namespace Larder.Tests.Origins;

public sealed class NginxServer() : WebServer("nginx.sh");
