module github.com/woosync/woosync/examples

go 1.26.0

require (
	github.com/vbauerster/mpb/v8 v8.16.2
	github.com/woosync/woosync v0.0.0
	github.com/woosync/woosync/store/sqlite v0.0.0
)

replace (
	github.com/woosync/woosync => ..
	github.com/woosync/woosync/store/sqlite => ../store/sqlite
)
