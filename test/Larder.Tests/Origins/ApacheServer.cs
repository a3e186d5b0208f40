namespace Larder.Tests.Origins;

public sealed class ApacheServer() : WebServer("apache.sh");
