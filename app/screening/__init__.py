"""安全保障貿易管理の確認: dated editions of the foreign user list, who resembles a listed body, what people say."""
