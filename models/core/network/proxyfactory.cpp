#include "models/core/network/proxyfactory.h"

#include <QHostAddress>
#include <QUrl>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

QNetworkProxy parseProxy(const QString& text, bool forHttps)
{
    if (text.isEmpty())
        return QNetworkProxy::NoProxy;
    const QUrl url(text.contains(u"://") ? text : u"http://"_s + text);
    const bool socks = url.scheme().startsWith(u"socks");
    if (url.host().isEmpty())
        return QNetworkProxy::NoProxy;
    // Plain HTTP goes through the proxy as requests, TLS through a CONNECT tunnel.
    QNetworkProxy proxy(socks      ? QNetworkProxy::Socks5Proxy
                        : forHttps ? QNetworkProxy::HttpProxy
                                   : QNetworkProxy::HttpCachingProxy,
                        url.host(), quint16(url.port(socks ? 1080 : 8080)), url.userName(QUrl::FullyDecoded),
                        url.password(QUrl::FullyDecoded));
    // socks5:// resolves names here, socks5h:// at the proxy.
    if (url.scheme() == u"socks5")
        proxy.setCapabilities(proxy.capabilities() & ~QNetworkProxy::HostNameLookupCapability);
    return proxy;
}

QString firstOf(const QProcessEnvironment& environment, std::initializer_list<const char*> names)
{
    for (const char* name : names) {
        const QString value = environment.value(QString::fromLatin1(name));
        if (!value.isEmpty())
            return value;
    }
    return {};
}

} // namespace

bool isLoopbackHost(const QString& host)
{
    const QString name = host.endsWith(u'.') ? host.chopped(1) : host;
    if (name.compare(u"localhost", Qt::CaseInsensitive) == 0 || name.endsWith(u".localhost", Qt::CaseInsensitive))
        return true;
    return QHostAddress(name).isLoopback();
}

ProxyFactory::ProxyFactory(const QProcessEnvironment& environment)
    : m_http(firstOf(environment, {"http_proxy", "all_proxy", "ALL_PROXY"}))
    , m_https(firstOf(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}))
{
    const QStringList entries = firstOf(environment, {"no_proxy", "NO_PROXY"}).split(u',', Qt::SkipEmptyParts);
    for (const QString& entry : entries)
        m_exempt << entry.trimmed().toLower();
}

bool ProxyFactory::isExempt(const QString& host) const
{
    const QHostAddress address(host);
    return std::any_of(m_exempt.begin(), m_exempt.end(), [&](const QString& entry) {
        if (entry == u"*")
            return true;
        if (entry.contains(u'/'))
            return !address.isNull() && address.isInSubnet(QHostAddress::parseSubnet(entry));
        const QString domain = entry.startsWith(u'.') ? entry.mid(1) : entry;
        return host == domain || host.endsWith(u'.' + domain);
    });
}

QList<QNetworkProxy> ProxyFactory::queryProxy(const QNetworkProxyQuery& query)
{
    const QString host = query.peerHostName().toLower();
    if (isLoopbackHost(host) || isExempt(host))
        return {QNetworkProxy::NoProxy};
    const bool https = query.protocolTag() == u"https";
    return {parseProxy(https ? m_https : m_http, https)};
}

} // namespace Promdeck::Internal
