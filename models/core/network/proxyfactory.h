#pragma once

#include <QNetworkProxyFactory>
#include <QProcessEnvironment>

namespace Promdeck::Internal {

/// Proxies as the environment names them (http_proxy, https_proxy, all_proxy, no_proxy, either case; the rules of
/// curl). Hosts of this machine are never proxied. http_proxy counts only in lower case, as curl does it.
class ProxyFactory final : public QNetworkProxyFactory
{
public:
    explicit ProxyFactory(const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment());
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override;

private:
    [[nodiscard]] bool isExempt(const QString& host) const;

    QString m_http;
    QString m_https;
    QStringList m_exempt;
};

/// True for "localhost", names below it, 127.0.0.0/8 and ::1.
[[nodiscard]] bool isLoopbackHost(const QString& host);

} // namespace Promdeck::Internal
